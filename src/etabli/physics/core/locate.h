/* Instants of events within a step: Simulator(event_halvings=...). Part of solver.c.

   Sampled laws run at the end of a step, so a contact answers to a coil up to one step late, and a chain of relays adds
   that up. A step at whose end there is an event (a sampled law makes a parameter jump, an armature lets go) is therefore
   taken back and done again in two halves, each of them likewise: what follows an event follows it within the last part.
   Lanes without event wait meanwhile.

   Islands exchange sampled signals only, so the parts are for those whose parameters jump in them. An island that was
   solved for the whole step at once and hardly bent in it goes along the straight line between its two ends meanwhile,
   as one that sleeps does, and at the end of the step it gets that solution back. Before one of its parameters is
   switched it goes back to where the step began and is solved up to that instant; from there on it takes the parts. What
   does not switch, a valve on its way, is there after the step, as it is where there are no events.

   A step without event has to cost what it did. So only the memories of sampled laws are copied before it; an island is
   copied when it is solved, a parameter when it is written. One that goes on along its line is sent back along it. */

struct Moment {
    Real *memory;                       /* of sampled laws */
    Real *value;                        /* unknowns and states, of kept islands only */
    Narrow *slope, *peak;
    Real *lag, *span, *was;             /* per island; the former value of a parameter */
    Real *then;                         /* per island: its span when it was solved in this part */
    Mask *disturbed, *eased, *went_on;  /* per island; went_on: along its line in the part that is being taken */
    Mask *smooth, *known;               /* per island; smooth: solved in this part at once, and hardly bent */
    Index *changed, changes;            /* parameters written, in this order */
    unsigned char *kept;                /* per island */
    Real unresolved;
};

/* A step that was taken at once, while it is done again in parts. */
struct Ends {
    struct Moment before;
    Real *value;                        /* at its end, of islands that are known in some lane */
    Narrow *slope, *peak;
    Mask *known;                        /* per island: lanes that have their end there, and go towards it */
};

/* Numbers of scratch that the end of a step needs, and a moment; and both there. */
static size_t end_numbers(const Simulation *m) {
    return 2 * (size_t)(m->s->unknowns + 1) + 3 * (size_t)m->s->states + (size_t)m->s->islands;
}

static size_t moment_numbers(const Simulation *m) {
    return m->memories + 2 * (size_t)(m->s->unknowns + 1) + 3 * (size_t)m->s->states + 9 * (size_t)m->s->islands
           + 2 * (size_t)m->targets;
}

static size_t room_numbers(const Simulation *m) { return 2 * moment_numbers(m) + end_numbers(m); }

static struct Moment moment_in(const Simulation *m, Real *room) {
    const size_t n = m->s->unknowns + 1 + m->s->states, islands = m->s->islands;
    struct Moment to = {.memory = room};
    to.value = to.memory + m->memories;
    to.lag = to.value + n; to.span = to.lag + islands; to.then = to.span + islands; to.was = to.then + islands;
    to.disturbed = (Mask *)(to.was + m->targets); to.eased = to.disturbed + islands; to.went_on = to.eased + islands;
    to.smooth = to.went_on + islands; to.known = to.smooth + islands;
    to.slope = (Narrow *)(to.known + islands); to.peak = to.slope + n;
    to.changed = (Index *)(to.peak + m->s->states);
    to.kept = (unsigned char *)(to.changed + m->targets);
    return to;
}

static struct Ends ends_in(const Simulation *m, Real *room) {
    const size_t n = m->s->unknowns + 1 + m->s->states, islands = m->s->islands;
    struct Ends to = {.before = moment_in(m, room), .value = room + moment_numbers(m)};
    to.known = (Mask *)(to.value + n);
    to.slope = (Narrow *)(to.known + islands); to.peak = to.slope + n;
    return to;
}

static void open_moment(Simulation *m, struct Moment *to) {
    const Index islands = m->s->islands;
    memcpy(to->memory, m->memory, sizeof(Real) * m->memories);
    memcpy(to->lag, m->lag, sizeof(Real) * islands);
    memcpy(to->span, m->span, sizeof(Real) * islands);
    memcpy(to->disturbed, m->disturbed, sizeof(Mask) * islands);
    memcpy(to->eased, m->eased, sizeof(Mask) * islands);
    memset(to->smooth, 0, sizeof(Mask) * islands);
    if (m->ends) memcpy(to->known, m->ends->known, sizeof(Mask) * islands);
    memset(to->kept, 0, islands);
    to->changes = 0;
    to->unresolved = m->unresolved;
    m->event = NONE;
    m->moment = to;
}

/* An island to a moment, or the end of a step. */
static void copy_island(const Simulation *m, Index k, Real *value, Narrow *slope, Narrow *peak) {
    const Island *island = &m->s->island[k];
    const size_t rows = island->end - island->first, n = m->s->unknowns + 1;
    const size_t states = island->state_end - island->state_first, z = island->state_first;
    memcpy(value + island->first, m->x + island->first, sizeof(Real) * rows);
    memcpy(value + n + z, m->state + z, sizeof(Real) * states);
    memcpy(slope + island->first, m->slope + island->first, sizeof(Narrow) * rows);
    memcpy(slope + n + z, m->state_slope + z, sizeof(Narrow) * states);
    memcpy(peak + z, m->peak + z, sizeof(Narrow) * states);
}

static void keep_island(Simulation *m, Index k) {
    struct Moment *to = m->moment;
    if (!to || to->kept[k]) return;
    copy_island(m, k, to->value, to->slope, to->peak);
    to->kept[k] = 1;
}

/* Once for each writing, though one lane may drift to its value and another jump: there is room for one of each target. */
static void keep_parameter(Simulation *m, Index p) {
    struct Moment *to = m->moment;
    if (!to || to->changes == m->targets || (to->changes && to->changed[to->changes - 1] == p)) return;
    to->changed[to->changes] = p;
    to->was[to->changes++] = m->parameter[p];
}

static void put_island(Simulation *m, Index k, const Real *value, const Narrow *slope, const Narrow *peak, Mask who) {
    const Island *island = &m->s->island[k];
    const Index n = m->s->unknowns + 1;
    for (Index i = island->first; i < island->end; i++) {
        SET_WHERE(who, m->x[i], value[i]);
        SET_NARROW(who, m->slope[i], WIDE(slope[i]));
    }
    for (Index z = island->state_first; z < island->state_end; z++) {
        SET_WHERE(who, m->state[z], value[n + z]);
        SET_NARROW(who, m->state_slope[z], WIDE(slope[n + z]));
        SET_NARROW(who, m->peak[z], WIDE(peak[z]));
    }
}

/* Back to where the part began that was just taken. */
static void take_back(Simulation *m, const struct Moment *from, Mask who) {
    for (Index c = from->changes; c-- > 0;) {
        const Index p = from->changed[c];
        SET_WHERE(who, m->parameter[p], from->was[c]);
        linear_changed(m, p, who);
    }
    for (Index k = 0; k < m->s->islands; k++) {
        if (from->kept[k]) put_island(m, k, from->value, from->slope, from->peak, who);
        const Mask on = who & from->went_on[k];
        if (ANY(on)) go_on(m, &m->s->island[k], ALL(-m->part), on);
        SET_WHERE(who, m->lag[k], from->lag[k]);
        SET_WHERE(who, m->span[k], from->span[k]);
        m->disturbed[k] = (m->disturbed[k] & NOT(who)) | (from->disturbed[k] & who);
        m->eased[k] = (m->eased[k] & NOT(who)) | (from->eased[k] & who);
        if (m->ends) m->ends->known[k] = (m->ends->known[k] & NOT(who)) | (from->known[k] & who);
#if LANES == 1
        if (m->precise) m->precise->fresh[k] = 1;
#endif
    }
    for (Index i = 0; i < m->memories; i++) SET_WHERE(who, m->memory[i], from->memory[i]);
    SET_WHERE(who, m->unresolved, from->unresolved);
}

/* The ends of what was solved for the whole step, of lanes that do it again. */
static void keep_ends(Simulation *m, struct Ends *ends, Mask again) {
    for (Index k = 0; k < m->s->islands; k++) {
        ends->known[k] = again & ends->before.smooth[k];
        if (ANY(ends->known[k])) copy_island(m, k, ends->value, ends->slope, ends->peak);
    }
}

/* Where a value was solved last, at `lag` steps on its line; from there to the end of the step it has a new one. */
static Real on_the_way(Real now, Real lag, Narrow *slope, Real end, Mask who) {
    const Real solved = now - lag * WIDE(*slope);
    SET_NARROW(who, *slope, (end - solved) / (lag + 1.0));
    return solved + lag * WIDE(*slope);
}

/* After a jump, unknowns without memory are elsewhere at once: the line through the first stage and the end. */
static void set_out_after_jump(Simulation *m, const struct Ends *ends, Index k, Mask who) {
    const Island *island = &m->s->island[k];
    for (Index i = island->first; i < island->end; i++) {
        const Real way = (ends->value[i] - m->between[i]) * (1.0 / (1.0 - GAMMA)), x = ends->value[i] - way;
        SET_WHERE(who, m->x[i], SELECT(LESS(x, ALL(m->floor[i])), ALL(m->floor[i]), x));
        SET_NARROW(who, m->slope[i], way);
    }
}

/* After take_back, which leaves each island where the step began: those whose end is known set out for it. */
static void set_out(Simulation *m, struct Ends *ends) {
    const Index n = m->s->unknowns + 1;
    for (Index k = 0; k < m->s->islands; k++) {
        const Mask who = ends->known[k], jumped = who & (m->disturbed[k] | m->eased[k]), steady = who & NOT(jumped);
        const Island *island = &m->s->island[k];
        const Real lag = m->lag[k];
        if (!ANY(who)) continue;
        for (Index i = island->first; i < island->end; i++)
            SET_WHERE(steady, m->x[i], on_the_way(m->x[i], lag, &m->slope[i], ends->value[i], steady));
        if (ANY(jumped)) set_out_after_jump(m, ends, k, jumped);
        for (Index z = island->state_first; z < island->state_end; z++)
            SET_WHERE(who, m->state[z], on_the_way(m->state[z], lag, &m->state_slope[z], ends->value[n + z], who));
        SET_WHERE(who, m->span[k], ends->before.then[k]);
        m->disturbed[k] &= NOT(who);
        m->eased[k] &= NOT(who);
    }
    m->ends = ends;
}

/* At the end of the step: what is there is the solution. */
static void arrive(Simulation *m, Index k) {
    struct Ends *ends = m->ends;
    const Mask who = ends->known[k] & NOT(LESS(m->lag[k], ends->before.lag[k] + 1.0));
    if (!ANY(who)) return;
    keep_island(m, k);
    put_island(m, k, ends->value, ends->slope, ends->peak, who);
    SET_WHERE(who, m->lag[k], ALL(0.0));
    ends->known[k] &= NOT(who);
}

/* Back to where the step began, before a parameter is switched: the rest of the step is not what was solved. */
static void turn_away(Simulation *m, Index k, Mask who) {
    struct Ends *ends = m->ends;
    const struct Moment *before = &ends->before;
    keep_island(m, k);
    put_island(m, k, before->value, before->slope, before->peak, who);
    SET_WHERE(who, m->span[k], before->span[k]);
    m->disturbed[k] |= who & before->disturbed[k];
    m->eased[k] |= who & before->eased[k];
    ends->known[k] &= NOT(who);
}
