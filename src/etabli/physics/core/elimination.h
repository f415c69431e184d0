/* Laws of an island, its matrix condensed once to the core, and the elimination of the core. Part of solver.c. */

enum { NEWTON, STEADY, MOVING, CONDUCTANCE, REMEMBERED, UPDATE };

/* The kernel of a law for that; NULL where it has nothing to do. */
static inline Kernel kernel_of(const Law *l, int what) {
    switch (what) {
        case NEWTON: return l->newton;
        case STEADY: return l->states ? NULL : l->constant;
        case MOVING: return l->states ? l->constant : NULL;
        case CONDUCTANCE: return l->conductance;
        case REMEMBERED: return l->remembered ? l->update : NULL;
        default: return l->update;
    }
}

static inline void run(const Simulation *m, const Island *island, Real ah, Real *flow, Real *jacobian, int what, Mask who) {
    const Structure *s = m->s;
    Stage stage = {s->device_node, s->device_entry, m->x, m->parameter, m->predicted, flow, jacobian, m->state, ah, who};
    for (Index g = island->group_first; g < island->group_end; g++) {
        const Kernel kernel = kernel_of(&LAWS[s->group[g].law], what);
        if (kernel) kernel(&s->group[g], &stage);
    }
}

/* Row c, once it is done, out of the rows below that have its column: `above` of them, and as many columns right of its
   diagonal, for the pattern is symmetric. The factor of each is left
   in its place where `keep` says so, and `flow` goes along where there is one. The usual
   widths have loops that the compiler unrolls, with row c in registers. */
static inline void take_row_out(const Structure *s, Index c, Index above, Real inverse, Real *a, Real *flow, int keep) {
    const Index up = s->diagonal[c] + 1, *below = s->mirror + up, *row = s->column + up, *to = s->target + s->target_first[c];
    const Real carried = flow ? flow[c] : ALL(0.0);
    Real u[8];
    for (Index j = 0; j < above; j++) u[j] = a[up + j];
    for (Index i = 0; i < above; i++, to += above) {
        const Real factor = a[below[i]] * inverse;
        if (keep) a[below[i]] = factor;
        if (flow) flow[row[i]] -= factor * carried;
        for (Index j = 0; j < above; j++) a[to[j]] -= factor * u[j];
    }
}

static void take_wide_row_out(const Structure *s, Index c, Index above, Real inverse, Real *a, Real *flow, int keep) {
    const Index up = s->diagonal[c] + 1, *to = s->target + s->target_first[c];
    for (Index i = 0; i < above; i++) {
        const Index below = s->mirror[up + i];
        const Real factor = a[below] * inverse;
        if (keep) a[below] = factor;
        if (flow) flow[s->column[up + i]] -= factor * flow[c];
        for (Index j = 0; j < above; j++) a[*to++] -= factor * a[up + j];
    }
}

#define OF_WIDTH(n) case n: take_row_out(s, c, n, i, a, flow, keep); break;
static inline void eliminate_row(const Structure *s, Index c, Real *inverse, Real *a, Real *flow, int keep) {
    const Real i = inverse[c] = 1.0 / a[s->diagonal[c]];
    const Index above = s->row[c + 1] - s->diagonal[c] - 1;
    switch (above) {
        case 0: break;
        OF_WIDTH(1) OF_WIDTH(2) OF_WIDTH(3) OF_WIDTH(4) OF_WIDTH(5) OF_WIDTH(6) OF_WIDTH(7) OF_WIDTH(8)
        default: take_wide_row_out(s, c, above, i, a, flow, keep);
    }
}

/* Rows c and c + 1 of the dense end, out of all below, in one pass: half as many numbers are loaded and stored as for one row
   after the other, by the same operations. There each row ends with the columns of all that come after c, so nothing is
   looked up. */
static inline void take_two_rows_out(const Structure *s, Index c, Index above, Real *inverse, Real *a, Real *flow) {
    const Index *end = s->row + c + 1;
    const Real *of_c = a + end[0] - above;
    Real *of_next = a + end[1] - above, u[MOST_DENSE], v[MOST_DENSE];
    const Real first = inverse[c] = 1.0 / of_c[-1], factor = of_next[-1] * first;
    for (Index j = 0; j < above; j++) of_next[j] = v[j] = of_next[j] - factor * (u[j] = of_c[j]);
    const Real second = inverse[c + 1] = 1.0 / v[0], carried = flow[c], next = flow[c + 1] -= factor * carried;
    for (Index i = 1; i < above; i++) {
        Real *to = a + end[1 + i] - above;
        const Real by_first = to[-1] * first, left = to[0] -= by_first * u[0], by_second = left * second;
        flow[c + 1 + i] = flow[c + 1 + i] - by_first * carried - by_second * next;
        for (Index j = 1; j < above; j++) to[j] = to[j] - by_first * u[j] - by_second * v[j];
    }
}

#define TWO_OF_WIDTH(n) case n: take_two_rows_out(s, c, n, inverse, a, flow); break;
static void eliminate_dense(const Structure *s, const Island *island, Real *inverse, Real *a, Real *flow) {
    Index c = island->dense;
    for (; c + 1 < island->end; c += 2) {
        const Index above = island->end - c - 1;
        switch (above) {
            TWO_OF_WIDTH(1) TWO_OF_WIDTH(2) TWO_OF_WIDTH(3) TWO_OF_WIDTH(4) TWO_OF_WIDTH(5) TWO_OF_WIDTH(6) TWO_OF_WIDTH(7) TWO_OF_WIDTH(8)
            TWO_OF_WIDTH(9) TWO_OF_WIDTH(10) TWO_OF_WIDTH(11) TWO_OF_WIDTH(12)
            default: take_two_rows_out(s, c, above, inverse, a, flow);
        }
    }
    if (c < island->end) inverse[c] = 1.0 / a[s->diagonal[c]];
}

/* Stamp the linear laws and eliminate the rows they alone touch; what is left in the core rows is their Schur
   complement. Done again only when a linear parameter or the step changed. Lanes that need not be done again come out
   as they were: same numbers, same operations. */
static void condense(Simulation *m, Index k, Real ah, Mask who) {
    const Structure *s = m->s;
    const Island *island = &s->island[k];
    Real *restrict a = m->linear, *restrict inverse = m->inverse;
    ah = SELECT(who, ah, m->weight[k]);
    memset(a + s->row[island->first], 0, sizeof(Real) * (s->row[island->end] - s->row[island->first]));
    for (Index i = island->first; i < island->end; i++) a[s->diagonal[i]] = ALL(GMIN);
    run(m, island, ah, m->flow, a, CONDUCTANCE, who);
    for (Index c = island->first; c < island->core; c++) eliminate_row(s, c, inverse, a, NULL, 1);
    m->weight[k] = ah;
    m->refed[k] = EVERY;
    SPENT(CONDENSE, k);
}

static void carry(const Structure *s, Index from, Index to, const Real *restrict a, Real *restrict flow) {
    for (const Carried *c = s->carried + from; c < s->carried + to; c++) flow[c->row] -= a[c->entry] * flow[c->column];
}

/* Flows of the linear laws at x = 0, with the condensed rows eliminated from them. */
static void load_constant(Simulation *m, const Island *island, Real ah, Mask who) {
    const Structure *s = m->s;
    const Index k = (Index)(island - s->island), moving = s->carried_moving[k];
    const size_t size = sizeof(Real) * (island->end - island->first);
    if (ANY(who & m->refed[k])) {
        memset(m->steady + island->first, 0, size);
        run(m, island, m->weight[k], m->steady, m->linear, STEADY, who);
        carry(s, s->carried_first[k], moving, m->linear, m->steady);
        m->refed[k] = NONE;
    }
    memcpy(m->constant + island->first, m->steady + island->first, size);
    run(m, island, ah, m->constant, m->linear, MOVING, who);
    carry(s, moving, s->carried_first[k + 1], m->linear, m->constant);
    SPENT(LOAD, k);
}

static inline void expand_row(const Simulation *m, Index i, Mask who) {
    const Structure *s = m->s;
    Real sum = -m->constant[i];
    for (Index q = s->diagonal[i] + 1; q < s->row[i + 1]; q++) sum -= m->linear[q] * m->x[s->column[q]];
    SET_WHERE(who, m->x[i], sum * m->inverse[i]);
}

/* The condensed rows, once the core is known: all of them, or those that the next stage has to know. */
static void expand(Simulation *m, Index k, int all, Mask who) {
    const Structure *s = m->s;
    const Island *island = &s->island[k];
    if (all) for (Index i = island->core; i-- > island->first;) expand_row(m, i, who);
    else for (Index n = s->needed_first[k]; n < s->needed_first[k + 1]; n++) expand_row(m, s->needed[n], who);
    SPENT(EXPAND, k);
}

/* Where the laws give the very matrix that was eliminated last (a circuit whose diodes stay where they are), its
   factors are still good: the right-hand side alone goes through them, by the same operations. */
static int same_matrix(const Simulation *m, const Island *island) {
    const Structure *s = m->s;
    for (Index i = island->core; i < island->end; i++) {
        Index q = s->core_start[i];
        if (memcmp(m->matrix + q, m->factored + q, sizeof(Real) * (s->row[i + 1] - q))) return 0;
    }
    return 1;
}

static void eliminate_flow(Simulation *m, const Island *island) {
    const Structure *s = m->s;
    const Index *restrict column = s->column, *restrict diagonal = s->diagonal, *restrict core_start = s->core_start;
    const Real *restrict j = m->jacobian, *restrict inverse = m->inverse;
    Real *restrict flow = m->flow;
    for (Index i = island->core; i < island->end; i++) {
        Real sum = flow[i];
        for (Index q = core_start[i]; q < diagonal[i]; q++) sum -= j[q] * inverse[column[q]] * flow[column[q]];
        flow[i] = sum;
    }
}

/* Flows and Jacobian of the core at x. */
static void evaluate_core(Simulation *m, const Island *island, Real ah, Mask who) {
    const Structure *s = m->s;
    const Index *restrict wired = s->wired, *restrict column = s->column, first = s->row[island->core];
    const Real *restrict a = m->linear, *restrict constant = m->constant, *restrict x = m->x;
    const int repeats = island->refines; /* a circuit of switches: pieces of straight lines. Fluids never repeat. */
    Real *restrict matrix = repeats ? m->matrix : m->jacobian, *restrict flow = m->flow;
    if (LANES == 1) memcpy(matrix + first, a + first, sizeof(Real) * (s->row[island->end] - first));
    for (Index i = island->core; i < island->end; i++) {
        Real sum = constant[i];
        if (LANES > 1) for (Index q = s->core_start[i]; q < s->row[i + 1]; q++) matrix[q] = a[q];
        for (Index w = s->wired_first[i]; w < s->wired_first[i + 1]; w++) sum += a[wired[w]] * x[column[wired[w]]];
        flow[i] = sum;
    }
    SPENT(LINEAR, island - s->island);
    run(m, island, ah, m->flow, matrix, NEWTON, who);
    SPENT(KERNELS, island - s->island);
}

/* Elimination of the core; leaves the changed right-hand side in flow. */
static void eliminate_core(Simulation *m, const Island *island) {
    const Structure *s = m->s;
    const Index *restrict row = s->row, *restrict core_start = s->core_start;
    Real *restrict j = m->jacobian, *restrict inverse = m->inverse, *restrict flow = m->flow;
    if (island->refines && same_matrix(m, island)) {
        eliminate_flow(m, island);
        SPENT(REUSE, island - s->island);
        return;
    }
    for (Index i = island->core; island->refines && i < island->end; i++) {
        const Index q = core_start[i];
        memcpy(j + q, m->matrix + q, sizeof(Real) * (row[i + 1] - q));
        memcpy(m->factored + q, m->matrix + q, sizeof(Real) * (row[i + 1] - q));
    }
    for (Index c = island->core; c < island->dense; c++) eliminate_row(s, c, inverse, j, flow, 0);
    eliminate_dense(s, island, inverse, j, flow);
    SPENT(ELIMINATE, island - s->island);
}
