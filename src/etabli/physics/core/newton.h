/* Newton on the core of an island: one implicit stage. Part of solver.c. */

#define MAX_ITERATIONS 60
#define IN_HASTE 8                /* the same where a shorter step is the better answer */
#define MAX_SEARCH 200
#define LEAST_SHARE 1e-6
#define NEGLIGIBLE 0.1            /* share of the tolerance that the next Newton step may still be worth */
#define FINE 0.05                 /* tolerances, in a circuit: where Newton creeps along the foot of a diode's curve, a
                                     millivolt is still a tenth of a milliampere, which a coil turns into volts */
#define AT_REST 0.01              /* share of the tolerance below which a change of sign of a velocity means nothing */
#define SMALL 1e3                 /* tolerances: from here on Newton's contraction is believed */
#define NEAR 3.0                  /* tolerances: below, it is believed from one stage to the next; from 10, a clutch that has
                                     just caught comes loose again, to and fro: the corner of dry friction is not seen */
#define NEAR_PRECISE 100.0        /* the same where stages begin so close that what they leave is estimated anyhow */
#define NEAR_DC 1.0               /* the same in a DC circuit, where a diode bends sharper than what was measured */
#define LEAST_CONTRACTION 1e-6    /* what is taken for known of it at best: a kink of a law may be anywhere */
#define AGEING 1.1                /* it counts that much more each time it was believed and not measured again */
#define UNKNOWN 1e9               /* contraction never measured, or where Newton did not go its whole way */

typedef struct {
    Real worst;           /* largest change over its tolerance */
    Mask finite, whole;   /* whole: no row was held back by a limit */
} Change;

/* One row of the back substitution: its change, left in flow. */
static inline Real substitute_row(const Simulation *m, Index i, Real *finite) {
    const Structure *s = m->s;
    Real sum = m->flow[i];
    for (Index q = s->diagonal[i] + 1; q < s->row[i + 1]; q++) sum -= m->jacobian[q] * m->flow[s->column[q]];
    const Real change = sum * m->inverse[i];
    m->flow[i] = change;
    /* An infinite slope (a bare root at 0) makes a change of 0: that is no solution. */
    *finite += (change + m->jacobian[s->diagonal[i]]) * 0.0;
    return change;
}

/* x of one row after its change, taken no farther than `most`. */
static inline void move_row(const Simulation *m, Index i, Real change, Real most, Change *all, Mask who) {
    const Real least = ALL(m->floor[i]), before = m->x[i];
    Real y = LARGER(least, before - SMALLER(most, LARGER(-most, change)));
    Real error = ABS(change) * m->tolerance[i] / (1.0 + 0.1 * ABS(y));
    /* A change of sign far below the tolerance is the noise of a body at rest: several of them, each on its own
       beat, would never settle all at once. */
    if (m->s->friction[i]) {
        const Mask crossed = LESS(before * y, ALL(0.0));
        y = SELECT(crossed, ALL(0.0), y);
        error = SELECT(crossed & LESS(ALL(AT_REST), error), ALL(2.0), error);
    }
    all->whole &= (Mask)(y == before - change);
    all->worst = LARGER(all->worst, error);
    SET_WHERE(who, m->x[i], y);
}

/* Back substitution: the change of each row is left in flow. Returns the lanes whose changes are numbers. */
static Mask substitute_core(Simulation *m, const Island *island) {
    Real finite = ALL(0.0);
    for (Index i = island->end; i-- > island->core;) substitute_row(m, i, &finite);
    return (Mask)(finite == ALL(0.0));
}

/* Update of x by the changes in flow, none farther than its reach. */
static Change update_core(Simulation *m, const Island *island, const Real *reach, Mask finite, Mask who) {
    Change all = {ALL(0.0), finite, EVERY};
    for (Index i = island->end; i-- > island->core;) move_row(m, i, m->flow[i], reach[i], &all, who);
    SPENT(SUBSTITUTE, island - m->s->island);
    return all;
}

/* Both in one pass, where a row may go as far as its limit. */
static Change substitute_and_update(Simulation *m, const Island *island, Mask who) {
    Change all = {ALL(0.0), NONE, EVERY};
    Real finite = ALL(0.0);
    for (Index i = island->end; i-- > island->core;)
        move_row(m, i, substitute_row(m, i, &finite), ALL(m->limit[i]), &all, who);
    all.finite = (Mask)(finite == ALL(0.0));
    SPENT(SUBSTITUTE, island - m->s->island);
    return all;
}

/* The first iterations let each row go its whole way: `reach` and `last` are looked at from HELD on. */
#define HELD 3

/* How far each row may go. A saturated law (transistor, current limit) throws Newton from one flat side to the other:
   each time a row turns back it may go only half as far, so it closes in on the steep part; while it keeps its direction
   it may go farther again. */
static void hold_rows(Simulation *m, const Island *island, int iteration) {
    const double *restrict limit = m->limit;
    Real *restrict flow = m->flow, *restrict reach = m->reach, *restrict before = m->last;
    for (Index i = island->core; i < island->end; i++) {
        if (iteration < HELD) {
            reach[i] = ALL(limit[i]);
        } else {
            Real wider = SELECT(LESS(reach[i], ALL(limit[i])), reach[i] * 1.5, reach[i]);
            reach[i] = SELECT(LESS(flow[i] * before[i], ALL(0.0)), reach[i] * 0.5, wider);
        }
        before[i] = flow[i];
    }
}

static Change change_core(Simulation *m, const Island *island, int iteration, Mask who) {
    if (iteration < HELD - 1) return substitute_and_update(m, island, who);
    const Mask finite = substitute_core(m, island);
    hold_rows(m, island, iteration);
    return update_core(m, island, m->reach, finite, who);
}

/* Row with the largest change (of any lane) over its tolerance. */
static Index worst_row(const Simulation *m, const Island *island) {
    Real worst = ALL(0.0);
    Index row = island->core;
    for (Index i = island->core; i < island->end; i++) {
        Real error = ABS(m->flow[i]) * m->tolerance[i] / (1.0 + 0.1 * ABS(m->x[i]));
        Mask larger = NOT((Mask)(error <= worst));
        if (ANY(larger)) row = i;
        worst = SELECT(larger, error, worst);
    }
    return row;
}

/* The first change of a stage, where the one after would be far below the tolerance if Newton contracts as it did when it
   was last seen to: near a smooth solution what is left goes with the square of the change. */
static Mask believed(Simulation *m, const Island *island, Change change, Mask who) {
    const Index k = (Index)(island - m->s->island);
    const double left = island->refines ? FINE : NEGLIGIBLE;
    const double near = island->refines ? NEAR_DC : m->precise ? NEAR_PRECISE : NEAR;
    if (m->precise && island->refines) return NONE;
    who &= change.whole & NOT(m->disturbed[k]) & LESS(change.worst, ALL(near))
           & LESS(m->contraction[k] * (change.worst * change.worst), ALL(left));
    m->contraction[k] = SELECT(who, AGEING * m->contraction[k], m->contraction[k]);
    return who;
}

/* The second change of a stage against the first: the worse of what it is now and a quarter of what it was. */
static void measure(Real *contraction, Change change, Real before, Mask who) {
    const Mask seen = change.whole & LESS(ALL(0.0), before);
    Real found = change.worst / (before * before);
    found = SELECT(LESS(*contraction, ALL(UNKNOWN)), MAXIMUM(found, 0.25 * *contraction), found);
    found = SELECT(seen, MAXIMUM(found, ALL(LEAST_CONTRACTION)), ALL(UNKNOWN));
    *contraction = SELECT(who, found, *contraction);
}

/* Newton on the core. Settled when the last change is below the tolerance, or so much smaller than the one before (both
   whole, and small already) that the next would be far below it. A change that is not a number ends it: the caller takes
   a shorter step from where it was. Returns the lanes that converged. */
static Mask newton(Simulation *m, const Island *island, Real ah, Mask who) {
    Real before = ALL(0.0), *contraction = m->contraction + (island - m->s->island);
    Mask todo = who, good = NONE;
    const int most = m->in_haste ? IN_HASTE : MAX_ITERATIONS;
    for (int iteration = 0; iteration < most; iteration++) {
        evaluate_core(m, island, ah, todo);
        eliminate_core(m, island);
        Change change = change_core(m, island, iteration, todo);
        m->iterations++;
        if (LANES > 1) m->effort = SELECT(todo, m->effort + 1.0, m->effort);
        todo &= change.finite;
        Mask contracts = change.whole & LESS(change.worst, 0.1 * before)
                         & LESS(change.worst * change.worst, NEGLIGIBLE * before);
        Mask small = LESS(change.worst, ALL(1.0));
        if (island->refines) small &= LESS(change.worst, ALL(FINE)) | LESS(change.worst, 0.3 * before);
        Mask settled = todo & (small | contracts);
        if (!iteration) settled |= believed(m, island, change, todo & NOT(settled));
        good |= settled;
        if (iteration == 1) measure(contraction, change, before, todo);
        todo &= NOT(settled);
        if (!ANY(todo)) break;
        before = SELECT(change.whole & LESS(change.worst, ALL(SMALL)), change.worst, ALL(0.0));
    }
    if (ANY(who & NOT(good))) m->troubled = worst_row(m, island);
    return good;
}

/* What the flows of the core (at x, before elimination) do along its last change: the slope, with its sign turned, of
   the content function whose lowest point a network of monotone laws seeks (W. Millar, 1951). */
static Real power_along(const Simulation *m, const Island *island) {
    Real sum = ALL(0.0);
    for (Index i = island->core; i < island->end; i++) sum += m->last[i] * m->flow[i];
    return sum;
}

/* Newton with a search along each change, for lanes where rows that go their own pace are thrown about without end:
   points tied by milliohms have to move together. Where the power along the change has turned round, the change went
   past the lowest point, and a shorter share of it is taken. */
static Mask newton_by_search(Simulation *m, const Island *island, Real ah, Mask who) {
    Real share = ALL(0.0), first = ALL(0.0);
    Mask todo = who, good = NONE;
    for (Index i = island->core; i < island->end; i++) m->last[i] = ALL(0.0);
    for (int iteration = 0; iteration < MAX_SEARCH; iteration++) {
        evaluate_core(m, island, ah, todo);
        Real power = power_along(m, island);
        Mask past = todo & LESS(power, -0.5 * first) & LESS(ALL(LEAST_SHARE), share);
        if (ANY(past)) {
            Real shorter = share * MINIMUM(MAXIMUM(first / (first - power), ALL(0.1)), ALL(0.5));
            for (Index i = island->core; i < island->end; i++)
                SET_WHERE(past, m->x[i], m->x[i] + (share - shorter) * m->last[i]);
            share = SELECT(past, shorter, share);
        }
        Mask fresh = todo & NOT(past);
        if (!ANY(fresh)) continue;
        for (Index i = island->core; i < island->end; i++) m->reach[i] = m->flow[i];
        eliminate_core(m, island);
        Mask finite = substitute_core(m, island);
        Real room = ALL(1.0), along = ALL(0.0);
        for (Index i = island->core; i < island->end; i++) {
            SET_WHERE(fresh, m->last[i], m->flow[i]);
            along += m->reach[i] * m->flow[i];
            room = MINIMUM(room, ALL(m->limit[i]) / (ABS(m->flow[i]) + 1e-300));
        }
        first = SELECT(fresh, along, first);
        share = SELECT(fresh, room, share);
        for (Index i = island->core; i < island->end; i++) m->reach[i] = room * ABS(m->flow[i]);
        Change change = update_core(m, island, m->reach, finite, fresh);
        m->iterations++;
        todo &= finite | past;
        Mask settled = fresh & finite & LESS(change.worst, ALL(1.0));
        good |= settled;
        todo &= NOT(settled);
        if (!ANY(todo)) break;
    }
    if (ANY(who & NOT(good))) m->troubled = worst_row(m, island);
    return good;
}

/* Lanes whose values of this island are all numbers. */
static Mask finite_lanes(const Simulation *m, const Island *island) {
    Real sum = ALL(0.0);
    for (Index i = island->first; i < island->end; i++) sum += m->x[i] * 0.0;
    for (Index z = island->state_first; z < island->state_end; z++) sum += m->state[z] * 0.0;
    return (Mask)(sum == ALL(0.0));
}

/* Solve one implicit stage of an island: x and new states from the predicted states; of a stage that is not the last one
   of its step, only what the next one has to know. Returns the lanes that converged. */
static Mask solve(Simulation *m, Index k, Real ah, int last, Mask who) {
    const Island *island = &m->s->island[k];
    Mask stale = who & (Mask)(m->weight[k] != ah);
    if (ANY(stale)) condense(m, k, ah, stale);
    load_constant(m, island, ah, who);
    Mask converged = island->core == island->end ? who : newton(m, island, ah, who);
    Mask stuck = who & NOT(converged);
    if (ANY(stuck)) stuck &= finite_lanes(m, island);
    if (ANY(stuck) && !m->in_haste) converged |= newton_by_search(m, island, ah, stuck);
    expand(m, k, last, who);
    run(m, island, ah, m->flow, m->jacobian, last ? UPDATE : REMEMBERED, who);
    SPENT(STATES, k);
    return converged;
}
