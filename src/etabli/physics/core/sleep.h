/* Islands that go on in a straight line. Part of solver.c. */

/* What an island was found to do instead of its line, in the same time: */
#define QUIET 0.05                /* share of its tolerance by which an unknown may be off that line */
#define QUIET_STATE 2e-5          /* the same of a state, as a share of the largest value it ever had */
#define FAR 30.0                  /* tolerances that an unknown may go while its island sleeps */
#define FAR_STATE 3e-3            /* the same of a state, as a share of the largest value it ever had */
#define TURN 0.05                 /* an unknown that goes back by this share of its line has turned back */

/* A parameter was written: what is kept of its island's linear laws is made again where it depends on it. */
static void linear_changed(Simulation *m, Index p, Mask who) {
    if (p >= m->s->parameters || !m->s->parameter_linear[p]) return;
    const Index k = (Index)m->s->parameter_island[p];
    if (m->s->parameter_linear[p] & CONDUCTS) SET_WHERE(who, m->weight[k], ALL(-1.0));
    m->refed[k] |= who;
}

/* While an island sleeps, its values go on in a straight line: who reads them gets the present. */
static void go_on(Simulation *m, const Island *island, Real steps, Mask who) {
    for (Index i = island->first; i < island->end; i++) ADD_WHERE(who, m->x[i], steps * WIDE(m->slope[i]));
    for (Index z = island->state_first; z < island->state_end; z++) ADD_WHERE(who, m->state[z], steps * WIDE(m->state_slope[z]));
}

typedef struct {
    Mask keeps, grows; /* on its line and not far: for this long, for twice as long */
    Mask turns;        /* not on its line, because it turned back */
} Line;

static void follow(Line *line, Real off, Real gone, Real scale, Mask turns) {
    Mask kept = line->keeps;
    line->keeps &= (Mask)(off * (1.0 / QUIET) <= scale) & (Mask)(gone * (1.0 / FAR) <= scale);
    line->grows &= (Mask)(off * (4.0 / QUIET) <= scale) & (Mask)(gone * (2.0 / FAR) <= scale);
    line->turns |= kept & NOT(line->keeps) & turns;
}

/* A parameter of a circuit changed by a little. Both stages of the step since then have it, so it is from the first of
   them on that the island has to follow its line: where nothing but resistances answer, it does, and goes on sleeping. */
static void begin_between(Simulation *m, const Island *island, Mask who) {
    const Real *x = m->between, *state = m->between + m->s->unknowns + 1;
    for (Index i = island->first; i < island->end; i++) SET_WHERE(who, m->kept_x[i], x[i]);
    for (Index z = island->state_first; z < island->state_end; z++) SET_WHERE(who, m->kept_state[z], state[z]);
}

/* After a step of that length (from what was kept on): is the island still on the straight line it was on? It is on a new
   one now. */
static Line compare(Simulation *m, Index k, Real lag, Mask who, Mask jumped) {
    const Island *island = &m->s->island[k];
    const Real each = SELECT(jumped, ALL(0.0), 1.0 / lag);
    Line line = {who & NOT(jumped), who & NOT(jumped), NONE};
    for (Index i = island->end; i-- > island->first && ANY(line.keeps);) {
        Real change = m->x[i] - m->kept_x[i], way = lag * WIDE(m->slope[i]);
        follow(&line, ABS(change - way) * m->tolerance[i], ABS(change) * m->tolerance[i], 1.0 + 0.1 * ABS(m->x[i]),
               LESS(change * way, -TURN * way * way));
    }
    for (Index z = island->state_first; z < island->state_end; z++)
        SET_NARROW(who, m->peak[z], MAXIMUM(WIDE(m->peak[z]), ABS(m->state[z])));
    for (Index z = island->state_first; z < island->state_end && ANY(line.keeps); z++) {
        if (!m->s->remembered[z]) continue; /* follows from the others */
        Real change = m->state[z] - m->kept_state[z];
        follow(&line, ABS(change - lag * WIDE(m->state_slope[z])) * (QUIET / QUIET_STATE), ABS(change) * (FAR / FAR_STATE),
               MAXIMUM(WIDE(m->peak[z]), ALL(LEAST_PEAK)), NONE);
    }
    for (Index i = island->first; i < island->end; i++) SET_NARROW(who, m->slope[i], (m->x[i] - m->kept_x[i]) * each);
    for (Index z = island->state_first; z < island->state_end; z++)
        SET_NARROW(who, m->state_slope[z], (m->state[z] - m->kept_state[z]) * each);
    return line;
}
