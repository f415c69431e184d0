/* Instants of events within a step: Simulator(event_halvings=...). Part of solver.c.

   Sampled laws run at the end of a step, so a contact answers to a coil up to one step late, and a chain of relays adds
   that up. A step at whose end there is an event (a sampled law makes a parameter jump, an armature lets go) is therefore
   taken back and done again in two halves, each of them likewise: what follows an event follows it within the last part.
   Lanes without event wait meanwhile.

   A step without event has to cost what it did. So only the memories of sampled laws are copied before it; an island is
   copied when it is solved, a parameter when it is written. One that goes on along its line is sent back along it. */

struct Moment {
    Real *memory;                       /* of sampled laws */
    Real *value;                        /* unknowns and states, of kept islands only */
    Narrow *slope, *peak;
    Real *lag, *span, *was;             /* per island; the former value of a parameter */
    Mask *disturbed, *eased, *went_on;  /* per island; went_on: along its line in the part that is being taken */
    Index *changed, changes;            /* parameters written, in this order */
    unsigned char *kept;                /* per island */
    Real unresolved;
};

/* Numbers of scratch that a moment needs, and a moment there. */
static size_t moment_numbers(const Simulation *m) {
    return m->memories + 2 * (size_t)(m->s->unknowns + 1) + 3 * (size_t)m->s->states + 6 * (size_t)m->s->islands
           + 2 * (size_t)m->targets;
}

static struct Moment moment_in(const Simulation *m) {
    const size_t n = m->s->unknowns + 1 + m->s->states, islands = m->s->islands;
    struct Moment to = {.memory = m->room};
    to.value = to.memory + m->memories;
    to.lag = to.value + n; to.span = to.lag + islands; to.was = to.span + islands;
    to.disturbed = (Mask *)(to.was + m->targets); to.eased = to.disturbed + islands; to.went_on = to.eased + islands;
    to.slope = (Narrow *)(to.went_on + islands); to.peak = to.slope + n;
    to.changed = (Index *)(to.peak + m->s->states);
    to.kept = (unsigned char *)(to.changed + m->targets);
    return to;
}

static void open_moment(Simulation *m, struct Moment *to) {
    const Index islands = m->s->islands;
    memcpy(to->memory, m->memory, sizeof(Real) * m->memories);
    memcpy(to->lag, m->lag, sizeof(Real) * islands);
    memcpy(to->span, m->span, sizeof(Real) * islands);
    memcpy(to->disturbed, m->disturbed, sizeof(Mask) * islands);
    memcpy(to->eased, m->eased, sizeof(Mask) * islands);
    memset(to->kept, 0, islands);
    to->changes = 0;
    to->unresolved = m->unresolved;
    m->event = NONE;
    m->moment = to;
}

static void keep_island(Simulation *m, Index k) {
    struct Moment *to = m->moment;
    if (!to || to->kept[k]) return;
    const Island *island = &m->s->island[k];
    const size_t rows = island->end - island->first, n = m->s->unknowns + 1;
    const size_t states = island->state_end - island->state_first, z = island->state_first;
    memcpy(to->value + island->first, m->x + island->first, sizeof(Real) * rows);
    memcpy(to->value + n + z, m->state + z, sizeof(Real) * states);
    memcpy(to->slope + island->first, m->slope + island->first, sizeof(Narrow) * rows);
    memcpy(to->slope + n + z, m->state_slope + z, sizeof(Narrow) * states);
    memcpy(to->peak + z, m->peak + z, sizeof(Narrow) * states);
    to->kept[k] = 1;
}

/* Once for each writing, though one lane may drift to its value and another jump: there is room for one of each target. */
static void keep_parameter(Simulation *m, Index p) {
    struct Moment *to = m->moment;
    if (!to || to->changes == m->targets || (to->changes && to->changed[to->changes - 1] == p)) return;
    to->changed[to->changes] = p;
    to->was[to->changes++] = m->parameter[p];
}

static void put_back_island(Simulation *m, const struct Moment *from, Index k, Mask who) {
    const Island *island = &m->s->island[k];
    const Index n = m->s->unknowns + 1;
    for (Index i = island->first; i < island->end; i++) {
        SET_WHERE(who, m->x[i], from->value[i]);
        SET_NARROW(who, m->slope[i], WIDE(from->slope[i]));
    }
    for (Index z = island->state_first; z < island->state_end; z++) {
        SET_WHERE(who, m->state[z], from->value[n + z]);
        SET_NARROW(who, m->state_slope[z], WIDE(from->slope[n + z]));
        SET_NARROW(who, m->peak[z], WIDE(from->peak[z]));
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
        if (from->kept[k]) put_back_island(m, from, k, who);
        const Mask on = who & from->went_on[k];
        if (ANY(on)) go_on(m, &m->s->island[k], ALL(-m->part), on);
        SET_WHERE(who, m->lag[k], from->lag[k]);
        SET_WHERE(who, m->span[k], from->span[k]);
        m->disturbed[k] = (m->disturbed[k] & NOT(who)) | (from->disturbed[k] & who);
        m->eased[k] = (m->eased[k] & NOT(who)) | (from->eased[k] & who);
#if LANES == 1
        if (m->precise) m->precise->fresh[k] = 1;
#endif
    }
    for (Index i = 0; i < m->memories; i++) SET_WHERE(who, m->memory[i], from->memory[i]);
    SET_WHERE(who, m->unresolved, from->unresolved);
}
