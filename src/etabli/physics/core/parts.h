/* A step of an island: SDIRK2 in parts as short as it bends, backward Euler, halves where Newton fails. Part of
   solver.c. */

/* What a state did in a part, held against a straight line through its rates at the two stages: */
#define BENT 0.03                 /* share of the largest value it ever had by which it may bend in one part */
#define BENT_DC 0.01              /* the same in a DC circuit: its supply answers for all of its coils at once */
#define CALM 0.3                  /* share of that below which the next part may be twice as long */
#define PART_DC 1.25e-3           /* the same in a DC circuit: what is switched there is located, shorter parts mend nothing */
#define TO_WHOLE 0x1p52           /* a number of parts plus this has no fraction */

static Mask euler(Simulation *m, Index k, Real h, int last, Mask who) {
    const Island *island = &m->s->island[k];
    for (Index z = island->state_first; z < island->state_end; z++) m->predicted[z] = m->state[z];
    return solve(m, k, h, last, who);
}

/* The first of the two stages of a step, for begin_between. */
static void keep_between(Simulation *m, const Island *island, Mask who) {
    Real *x = m->between, *state = m->between + m->s->unknowns + 1;
    for (Index i = island->first; i < island->end; i++) SET_WHERE(who, x[i], m->x[i]);
    for (Index z = island->state_first; z < island->state_end; z++) SET_WHERE(who, state[z], m->state[z]);
}

/* `length` steps of an island from where it is; the lanes of `by_euler` in one stage, of backward Euler, which they share
   with the first stage of the others. Returns the lanes that converged. */
static Mask stages(Simulation *m, Index k, Real length, const Real *state_before, const Real *x_before, Mask by_euler, Mask who) {
    const Island *island = &m->s->island[k];
    const double ahead = (1.0 - GAMMA) / GAMMA;
    const Real h = length * m->h;
    const Mask by_sdirk = who & NOT(by_euler), along = m->one_stage ? who & NOT(m->disturbed[k]) : by_sdirk;
    if (ANY(along)) {
        const Real way = SELECT(by_euler, ALL(1.0), ALL(GAMMA)) * length;
        for (Index i = island->core; i < island->end; i++) {
            Real y = x_before[i] + way * WIDE(m->slope[i]);
            SET_WHERE(along, m->x[i], LARGER(ALL(m->floor[i]), y));
        }
    }
    const Mask between = by_sdirk & (m->eased[k] | m->disturbed[k]); /* what is known after the first stage is looked at */
    const int all = ANY(by_euler) || ANY(between);
    const Mask good = euler(m, k, SELECT(by_euler, h, GAMMA * h), all, who), on = good & by_sdirk;
    if (!ANY(on)) return good;
    if (ANY(on & between)) keep_between(m, island, on);
    for (Index z = island->state_first; z < island->state_end; z++)
        m->predicted[z] = state_before[z] + ahead * (m->state[z] - state_before[z]);
    /* Newton starts from a straight line through the two points known, unless a jump lies between them. */
    Mask smooth = on & NOT(m->disturbed[k]);
    if (ANY(smooth))
        for (Index i = island->core; i < island->end; i++) {
            Real y = m->x[i] + ahead * (m->x[i] - x_before[i]);
            SET_WHERE(smooth, m->x[i], LARGER(ALL(m->floor[i]), y));
        }
    return (good & by_euler) | solve(m, k, GAMMA * h, 1, on);
}

/* Where an island was before a step, by level of halving; level 0 is where its last whole step began. */
static Real *kept_state(const Simulation *m, int level) { return m->kept_state + (size_t)m->s->states * (size_t)level; }

static Real *kept_x(const Simulation *m, int level) {
    return m->kept_x + (size_t)(m->s->unknowns + 1) * (size_t)level;
}

static void keep(Simulation *m, const Island *island, int level) {
    const size_t states = island->state_end - island->state_first, rows = island->end - island->first;
    memcpy(kept_state(m, level) + island->state_first, m->state + island->state_first, sizeof(Real) * states);
    memcpy(kept_x(m, level) + island->first, m->x + island->first, sizeof(Real) * rows);
}

static void go_back(Simulation *m, const Island *island, int level, Mask who) {
    const Real *state = kept_state(m, level), *x = kept_x(m, level);
    for (Index z = island->state_first; z < island->state_end; z++) SET_WHERE(who, m->state[z], state[z]);
    for (Index i = island->first; i < island->end; i++) SET_WHERE(who, m->x[i], x[i]);
}

/* `length` steps of one island at once, from where it was kept. Returns the lanes where Newton converged. */
static Mask attempt(Simulation *m, Index k, Real length, int level, Mask by_euler, Mask who) {
    return stages(m, k, length, kept_state(m, level), kept_x(m, level), by_euler & who, who);
}

static void step(Simulation *m, Index k, Real length, int level, Mask by_euler, Mask who);

/* Lanes where Newton failed go back and take two halves, by backward Euler. */
static void halve(Simulation *m, Index k, Real length, int level, Mask failed) {
    const Island *island = &m->s->island[k];
    if (level > MAX_HALVINGS) {
        m->unresolved = SELECT(failed, m->unresolved + 1.0, m->unresolved);
        failed &= NOT(finite_lanes(m, island)); /* not converged, but finite: the next step goes on from here */
        if (ANY(failed)) go_back(m, island, level, failed);
        return;
    }
    m->halvings++;
    step(m, k, 0.5 * length, level + 1, EVERY, failed);
    step(m, k, 0.5 * length, level + 1, EVERY, failed);
}

static void step(Simulation *m, Index k, Real length, int level, Mask by_euler, Mask who) {
    keep(m, &m->s->island[k], level);
    Mask failed = who & NOT(attempt(m, k, length, level, by_euler, who));
    if (!ANY(failed)) return;
    if (level <= MAX_HALVINGS) go_back(m, &m->s->island[k], level, failed);
    halve(m, k, length, level, failed);
}

typedef struct {
    Mask bent, calm; /* too much for one part; so little that the next one may be longer */
} Bend;

/* By how much the rates at the two stages of the step just taken differ. Its error is of the next order; where parts
   matter, at a few radians or time constants a part, the one is about a thirtieth of the other. */
static Bend bend_of(const Simulation *m, const Island *island, const Real *before, Mask who) {
    Bend found = {NONE, who};
    const double share = island->refines ? BENT_DC : BENT;
    for (Index z = island->state_first; z < island->state_end; z++) {
        if (!m->s->remembered[z]) continue;
        const Real now = m->state[z], between = m->predicted[z];
        Real bend = ABS((now - between) * (1.0 / GAMMA) - (between - before[z]) * (1.0 / (1.0 - GAMMA)));
        Real most = share * MAXIMUM(MAXIMUM(WIDE(m->peak[z]), ABS(now)), ALL(LEAST_PEAK));
        found.bent |= LESS(most, bend);
        found.calm &= LESS(bend, CALM * most);
    }
    found.bent &= who;
    return found;
}

/* After a part of a step, Newton starts the next one from the line of that part. */
static void turn_line(Simulation *m, const Island *island, Real length, int level, Mask who) {
    const Real each = 1.0 / length, *x = kept_x(m, level);
    for (Index i = island->core; i < island->end; i++) SET_NARROW(who, m->slope[i], (m->x[i] - x[i]) * each);
}

/* One part of a step, from where the island was kept: at level 0 for the first one. Returns the lanes, of those that may,
   that are back there, to take it in two. */
static Mask part(Simulation *m, Index k, Real length, int level, Mask by_euler, Mask may_cut, Mask who) {
    const Island *island = &m->s->island[k];
    Mask good = attempt(m, k, length, level, by_euler, who), failed = who & NOT(good), back = NONE;
    const Mask watched = island->refines ? who : may_cut | (who & LESS(m->pace, ALL(1.0)));
    if (ANY(watched)) {
        Bend found = bend_of(m, island, kept_state(m, level), good & watched & NOT(by_euler));
        back = may_cut & (failed | found.bent);
        m->pace = SELECT(found.calm, MAXIMUM(m->pace, 2.0 * length), m->pace);
        m->pace = SELECT(back, 0.5 * length, m->pace);
        m->calm = (m->calm & NOT(watched)) | found.calm | (watched & by_euler);
    }
    if (ANY(back)) go_back(m, island, level, back);
    failed &= NOT(back);
    if (ANY(failed)) {
        go_back(m, island, level, failed);
        halve(m, k, length, 1, failed);
    }
    m->disturbed[k] &= NOT(who) | back;
    Mask within = who & NOT(back) & LESS(length, m->lag[k]);
    m->whole |= good & NOT(back | within | by_euler);
    if (ANY(within)) turn_line(m, island, length, level, within);
    return back;
}

/* Where each lane is in its parts: how long the present one is, and how many of that length lie before it. */
typedef struct {
    Real length, before;
} Place;

static void cut(Place *at, Mask who) {
    at->length = SELECT(who, 0.5 * at->length, at->length);
    at->before = SELECT(who, 2.0 * at->before, at->before);
}

/* To the next part: two halves are one part again. */
static void pass(Place *at, Real whole, Mask who) {
    at->before = SELECT(who, at->before + 1.0, at->before);
    for (Mask paired = who;;) {
        const Real pairs = 0.5 * at->before;
        paired &= LESS(at->length, whole) & (Mask)((pairs + TO_WHOLE) - TO_WHOLE == pairs);
        if (!ANY(paired)) return;
        at->length = SELECT(paired, 2.0 * at->length, at->length);
        at->before = SELECT(paired, pairs, at->before);
    }
}

/* `whole` steps of one island, in as many parts as it bends: a part that bends too much is taken back and cut in two.
   How long a part may be is known from the part before. Lanes take their parts side by side, each its own. */
static void in_parts(Simulation *m, Index k, Real whole, Mask by_euler, Mask who) {
    const double least = 1.999 * (m->s->island[k].refines ? PART_DC : PART) / m->h;
    Place at = {whole, ALL(0.0)};
    for (int level = 0; ANY(who); level = 1) {
        if (level) keep(m, &m->s->island[k], level);
        Mask may_cut = who & LESS(ALL(least), at.length) & NOT(by_euler), cuts;
        while (cuts = may_cut & LESS(m->pace, at.length), ANY(cuts)) {
            cut(&at, cuts);
            may_cut &= LESS(ALL(least), at.length);
        }
        const Mask back = part(m, k, at.length, level, by_euler, may_cut, who);
        cut(&at, back);
        pass(&at, whole, who & NOT(back));
        who &= LESS(at.length, whole) | LESS(at.before, ALL(1.0));
    }
}
