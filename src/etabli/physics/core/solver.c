/* The solver: nodal equations of islands, linear part condensed once, Newton on the core, SDIRK2 / backward Euler,
   islands that sleep while nothing changes. Written by hand; it does not know which law it solves. The method is
   explained in docs/dev/engine.md. Compiled once for one run and once for several side by side (lanes.h): `who` names the
   lanes that a function is about. */
#include "solver.h"

#include <stdlib.h>
#include <string.h>

#define GAMMA 0.29289321881345254 /* 1 - 1/sqrt(2): Alexander's SDIRK2, L-stable */
#define GMIN 1e-9                 /* conductance from every node to the ground */
#define MAX_ITERATIONS 60
#define MAX_SEARCH 200
#define LEAST_SHARE 1e-6
#define MAX_HALVINGS 7
#define NEGLIGIBLE 0.1            /* share of the tolerance that the next Newton step may still be worth */
#define FINE 0.05                 /* tolerances, in a circuit: where Newton creeps along the foot of a diode's curve, a
                                     millivolt is still a tenth of a milliampere, which a coil turns into volts */
#define AT_REST 0.01              /* share of the tolerance below which a change of sign of a velocity means nothing */
#define SMALL 1e3                 /* tolerances: from here on Newton's contraction is believed */
#define NEAR 10.0                 /* tolerances: below, it is believed from one stage to the next */
#define NEAR_DC 1.0               /* the same in a DC circuit, where a diode bends sharper than what was measured */
#define LEAST_CONTRACTION 1e-6    /* what is taken for known of it at best: a kink of a law may be anywhere */
#define AGEING 1.1                /* it counts that much more each time it was believed and not measured again */
#define UNKNOWN 1e9               /* contraction never measured, or where Newton did not go its whole way */
/* Parts of a step. What a state did in it, held against a straight line through its rates at the two stages: */
#define BENT 0.03                 /* share of the largest value it ever had by which it may bend in one part */
#define BENT_DC 0.01              /* the same in a DC circuit: its supply answers for all of its coils at once */
#define CALM 0.3                  /* share of that below which the next part may be twice as long */
#define PART 6e-4                 /* s: no part is shorter than that, nor a step of twice as much cut */
#define PART_DC 1.25e-3           /* the same in a DC circuit: what is switched there is located, shorter parts mend nothing */
#define TO_WHOLE 0x1p52           /* a number of parts plus this has no fraction */
/* Sleep. An island is taken to go on in a straight line; what it was found to do instead, in the same time: */
#define QUIET 0.05                /* share of its tolerance by which an unknown may be off that line */
#define QUIET_STATE 2e-5          /* the same of a state, as a share of the largest value it ever had */
#define FAR 30.0                  /* tolerances that an unknown may go while its island sleeps */
#define FAR_STATE 3e-3            /* the same of a state, as a share of the largest value it ever had */
#define LEAST_PEAK 1e-2           /* of a state, in its own unit: what never grew beyond is not worth its last digits */
#define TURN 0.05                 /* an unknown that goes back by this share of its line has turned back */
#define DRIFT 0.01                /* a parameter that changes by less than this share of itself does not jump */
#define EASY 0.1                  /* share by which one of a DC circuit changes without the circuit being taken to jump */
#define EARLY 1e-4                /* s: share of its change, times how much too early it is taken to have come */
#define EVENT 0.9                 /* one that changes by more than this share of the larger value is switched: an event */
#define INSTANT 1e-9              /* s, for what is done at once: laws may divide by the time that went by */
#define SLIGHT 3e-5               /* what a sampled law changes by less than this share wakes no island */
#define SAME 1e-6                 /* what it changes by less than this share is not written */
#define ROUNDING 1e-10            /* the same when steps follow an estimated error */

#include "profile.h"

struct Simulation {
    const Structure *s;
    Real *value;                /* unknowns + ground, states, parameters, memories; owned by the caller */
    Real *x, *state, *parameter, *memory;
    const double *tolerance, *limit, *floor; /* per row: 1 / Newton tolerance, largest step, least value */
    double h;
    double longest;             /* steps that a quiet island may take as one */
    int64_t steps, iterations, halvings;
    Real unresolved;
    Index troubled;             /* row that Newton could not settle, in the last step that needed halving */
    /* Lent for a call (take_scratch): nothing in it is needed from one step to the next, but it may save work. */
    struct Scratch *scratch;
    uint64_t number;            /* of this run, among all: whose numbers are in a scratch block */
    Index shelf;                /* where its block was put last */
    Real *linear, *inverse;     /* condensed matrix of the linear laws, and 1 / its diagonal */
    Real *steady;               /* flows of linear laws without states where all is 0, condensed rows eliminated */
    Real *flow, *constant, *jacobian, *predicted, *kept_state, *kept_x;
    Real *matrix, *factored;    /* the core as the laws give it: now, and when it was last eliminated into jacobian */
    Real *room;                 /* for a moment to come back to (locate.h) */
    Real *reach, *last;         /* per row: largest change allowed now, change of the iteration before */
    Real *weight;               /* per island: ah of its condensed matrix, negative when it must be made again */
    Real *lag;                  /* per island: steps that it is behind */
    Real *span;                 /* per island: lag at which it is solved again; 1 when awake, less when it takes parts
                                   as short as that, below 0 when it has to take backward Euler */
    Real *contraction;          /* per island: first change that Newton has left, over the square of the one before */
    Real pace;                  /* of the island that is being solved: how long a part may be, in steps */
    Mask calm;                  /* and whether its last part hardly bent, or was taken by backward Euler */
    Narrow *slope, *state_slope; /* per unknown and per state: its last change, for each step; 0 after a jump */
    Narrow *peak;               /* per state: largest value so far, the scale of its changes */
    Mask *disturbed;            /* per island: a parameter jumped since its last step */
    Mask *eased;                /* per DC island: one changed by a little since its last step */
    Mask *refed;                /* per island: `steady` must be made again */
    Mask whole;                 /* lanes whose step was taken in one, by SDIRK2 */
    Real *between;              /* per row and per state: the first stage of the step after that (scratch) */
    Index sampled_groups;
    const SampledGroup *sampled;
    struct Precise *precise;    /* steps by estimated error (precise.h), NULL without */
    Index event_halvings;       /* instants of events within a step (locate.h), 0 without */
    Index clock, since;         /* steps between two runs of laws with a clock of their own, steps since the last one */
    double part;                /* of a step, that is being taken: 1 but where the instant of an event is looked for */
    Mask acting;                /* lanes whose sampled laws run */
    Mask event;                 /* lanes with an event since this was last cleared */
    Mask told;                  /* lanes whose sampled devices were told something new since the last step */
    struct Moment *moment;      /* what a part of a step is taken back to (scratch), NULL while none may be */
    struct Ends *ends;        /* the step as it was taken at once, while it is done again in parts (scratch), or NULL */
    const Index *read, *target, *target_first;
    Index targets, memories;    /* of all sampled devices */
};

Real *simulation_values(Simulation *m) { return m->value; }
const Index *simulation_reads(const Simulation *m) { return m->read; }
Index simulation_parameter_base(const Simulation *m) { return (Index)(m->parameter - m->value); }
Index simulation_memory_base(const Simulation *m) { return (Index)(m->memory - m->value); }

/* ------------------------------------------------------------------ life of a run */

#if LANES == 1
static void free_precise(struct Precise *p);
static void forget_past(struct Precise *p, const Structure *s);
#endif

EXPORT void simulation_free(Simulation *m) {
    if (!m) return;
#if LANES == 1
    free_precise(m->precise);
#endif
    free(m->weight); free(m->slope); free(m->disturbed); free(m);
}

EXPORT Index lanes(void) { return LANES; }

/* After the values were replaced as a whole: nothing cached is trusted, every island is awake and up to date. */
EXPORT void simulation_reset(Simulation *m) {
    for (Index k = 0; k < m->s->islands; k++) {
        m->weight[k] = ALL(-1.0);
        m->lag[k] = ALL(0.0);
        m->span[k] = ALL(1.0);
        m->disturbed[k] = EVERY;
        m->eased[k] = NONE;
        m->contraction[k] = ALL(UNKNOWN);
    }
    for (Index i = 0; i < m->s->unknowns + 1 + m->s->states; i++) m->slope[i] = NARROW(ALL(0.0));
}

/* The arrays behind the pointers belong to the caller and outlive the run: all runs of a network share them. */
EXPORT Simulation *simulation_new(const Structure *s, Real *value, Index parameters, const double *tolerance,
                                  const double *limit, const double *least, double h, double longest,
                                  Index sampled_groups, const SampledGroup *sampled, const Index *read,
                                  const Index *target_first, const Index *target) {
    static uint64_t runs;
    Simulation *m = zeroed(1, sizeof *m);
    Index n = s->unknowns + 1;
    m->s = s;
    m->value = value;
    m->x = value;
    m->state = m->x + n;
    m->parameter = m->state + s->states;
    m->memory = m->parameter + parameters;
    m->tolerance = tolerance; m->limit = limit; m->floor = least;
    m->h = h;
    m->longest = longest;
    m->number = __atomic_add_fetch(&runs, 1, __ATOMIC_RELAXED);
    m->weight = zeroed((size_t)s->islands * 4, sizeof(Real));
    m->lag = m->weight + s->islands;
    m->span = m->lag + s->islands;
    m->contraction = m->span + s->islands;
    m->slope = zeroed((size_t)n + 2 * s->states, sizeof(Narrow));
    m->state_slope = m->slope + n;
    m->peak = m->state_slope + s->states;
    m->disturbed = zeroed((size_t)s->islands * 3, sizeof(Mask));
    m->eased = m->disturbed + s->islands;
    m->refed = m->eased + s->islands;
    simulation_reset(m);
    for (Index k = 0; k < s->islands; k++) m->disturbed[k] = NONE;
    m->sampled_groups = sampled_groups;
    m->sampled = sampled;
    m->read = read;
    m->target_first = target_first;
    m->target = target;
    for (Index g = 0; g < sampled_groups; g++) {
        const SampledLaw *law = &SAMPLED_LAWS[sampled[g].law];
        m->memories = sampled[g].memory + sampled[g].count * law->memory;
        m->targets = target_first[sampled[g].write + sampled[g].count * law->writes];
    }
    m->clock = 1;
    m->part = 1.0;
    m->acting = EVERY;
    return m;
}

/* steps, Newton iterations, halvings, bytes of this run, troubled row */
EXPORT void simulation_counters(const Simulation *m, int64_t c[5]) {
    const Structure *s = m->s;
    c[0] = m->steps; c[1] = m->iterations; c[2] = m->halvings;
    c[3] = (int64_t)(sizeof *m + (4 * sizeof(Real) + 3 * sizeof(Mask)) * s->islands
                     + sizeof(Narrow) * (s->unknowns + 1 + 2 * s->states));
    c[4] = m->troubled;
}

/* Island steps that did not converge even after the shortest sub-step, of each lane. */
EXPORT void simulation_unresolved(const Simulation *m, Real *unresolved) { *unresolved = m->unresolved; }

#if LANES == 1
/* What a snapshot needs besides the values: disturbed (and twice eased), lag, span and contraction of each island, peak of
   each state, slope of each unknown (and of the ground) and of each state, whether sampled devices were told something new,
   steps since laws with a clock of their own ran. */
EXPORT void simulation_schedule(const Simulation *m, double *out) {
    Index n = m->s->islands;
    for (Index k = 0; k < n; k++) {
        out[k] = m->disturbed[k] + 2 * m->eased[k];
        out[n + k] = m->lag[k]; out[2 * n + k] = m->span[k]; out[3 * n + k] = m->contraction[k];
    }
    out += 4 * n;
    for (Index z = 0; z < m->s->states; z++) *out++ = m->peak[z];
    for (Index i = 0; i < m->s->unknowns + 1 + m->s->states; i++) *out++ = m->slope[i];
    *out++ = m->told;
    *out = m->since;
}

EXPORT void simulation_resume(Simulation *m, const double *in) {
    Index n = m->s->islands;
    for (Index k = 0; k < n; k++) {
        m->weight[k] = -1.0;
        m->disturbed[k] = (int)in[k] & 1; m->eased[k] = (int)in[k] >> 1; m->lag[k] = in[n + k]; m->span[k] = in[2 * n + k];
        m->contraction[k] = in[3 * n + k];
    }
    if (m->precise) forget_past(m->precise, m->s);
    in += 4 * n;
    for (Index z = 0; z < m->s->states; z++) m->peak[z] = NARROW(*in++);
    for (Index i = 0; i < m->s->unknowns + 1 + m->s->states; i++) m->slope[i] = NARROW(*in++);
    m->told = *in++ != 0.0;
    m->since = (Index)*in;
}
#endif

#if LANES > 1
#define EXCHANGE(type, a, b, count) \
    for (size_t n = 0; n < (count); n++) { const type kept = (a)[n][i]; (a)[n][i] = (b)[n][j]; (b)[n][j] = kept; }

/* Lane i of a run and lane j of another of the same network change places between two steps: each goes on in the other's
   place, to the same bits. */
EXPORT void simulation_exchange(Simulation *a, Index i, Simulation *b, Index j) {
    const Structure *s = a->s;
    EXCHANGE(double, a->value, b->value, (size_t)(a->memory - a->value) + a->memories)
    EXCHANGE(double, a->lag, b->lag, 3 * (size_t)s->islands) /* and span, contraction */
    EXCHANGE(int64_t, a->disturbed, b->disturbed, 2 * (size_t)s->islands) /* and eased */
    EXCHANGE(int64_t, &a->told, &b->told, 1)
    EXCHANGE(double, &a->unresolved, &b->unresolved, 1)
    EXCHANGE(float, a->slope, b->slope, (size_t)s->unknowns + 1 + 2 * (size_t)s->states) /* of states too, and peak */
    for (Index k = 0; k < s->islands; k++) a->weight[k][i] = b->weight[k][j] = -1.0;
}
#endif

/* ------------------------------------------------------------------ working memory */

#define SHELVES 16
#define LINE 64 /* bytes of a line of the cache: a vector of eight numbers */

/* Working memory is lent to a run for one call, so that many runs need no more of it than there are calls at a time.
   A run that gets the block it had last finds its condensed matrices in it; any other makes them again, to the same
   bits. Blocks wait on shelves that are taken from and put on in one atomic exchange: calls may come from any thread. */
struct Scratch {
    size_t numbers;
    uint64_t owner;
    void *memory;
    Real *number;
};

static struct Scratch *shelf[SHELVES];

static void free_scratch(struct Scratch *block) {
    if (!block) return;
    free(block->memory); free(block);
}

static struct Scratch *new_scratch(size_t numbers) {
    struct Scratch *block = zeroed(1, sizeof *block);
    if (!block) return NULL;
    block->numbers = numbers;
    block->memory = zeroed(numbers * sizeof(Real) + LINE, 1);
    if (!block->memory) { free(block); return NULL; }
    block->number = (Real *)(((uintptr_t)block->memory + LINE - 1) / LINE * LINE);
    return block;
}

/* A block of that many numbers at least: the run's own if it is there, else any that waits, else a new one. */
static struct Scratch *find_scratch(Simulation *m, size_t numbers) {
    for (Index i = 0; i < SHELVES; i++) {
        struct Scratch *block = __atomic_exchange_n(&shelf[(m->shelf + i) % SHELVES], NULL, __ATOMIC_ACQUIRE);
        if (!block) continue;
        if (block->numbers >= numbers) return block;
        free_scratch(block);
    }
    return new_scratch(numbers);
}

static size_t room_numbers(const Simulation *m);

static int take_scratch(Simulation *m) {
    const size_t n = m->s->unknowns + 1, z = m->s->states, entries = m->s->entries + 1, levels = MAX_HALVINGS + 2;
    const size_t ground = m->s->entries;
    struct Scratch *block = find_scratch(m, 7 * n + 4 * entries + 2 * z + levels * (n + z) + room_numbers(m));
    if (!block) return 0;
    m->scratch = block;
    m->flow = block->number;
    m->constant = m->flow + n; m->steady = m->constant + n; m->reach = m->steady + n; m->last = m->reach + n; m->inverse = m->last + n;
    m->between = m->inverse + n; m->linear = m->between + n + z; m->jacobian = m->linear + entries; m->matrix = m->jacobian + entries;
    m->factored = m->matrix + entries;
    m->predicted = m->factored + entries;
    m->kept_x = m->predicted + z; m->kept_state = m->kept_x + levels * n;
    m->room = m->kept_state + levels * z;
    m->flow[n - 1] = m->constant[n - 1] = m->steady[n - 1] = ALL(0.0);
    m->linear[ground] = m->jacobian[ground] = m->matrix[ground] = ALL(0.0);
    if (block->owner == m->number) return 1;
    block->owner = m->number;
    for (Index k = 0; k < m->s->islands; k++) m->weight[k] = ALL(-1.0);
    memset(m->factored, 0xFF, sizeof(Real) * entries);                      /* not numbers: equal to no matrix */
    if (LANES > 1) memset(m->predicted, 0, sizeof(Real) * z); /* lanes that wait compute too: with numbers */
    return 1;
}

static void drop_scratch(Simulation *m) {
    struct Scratch *block = m->scratch;
    m->scratch = NULL;
    for (Index i = 0; i < SHELVES; i++) {
        struct Scratch *none = NULL;
        const Index at = (m->shelf + i) % SHELVES;
        if (!__atomic_compare_exchange_n(&shelf[at], &none, block, 0, __ATOMIC_RELEASE, __ATOMIC_RELAXED)) continue;
        m->shelf = at;
        return;
    }
    free_scratch(block);
}

/* ------------------------------------------------------------------ one implicit stage of one island */

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
    memcpy(matrix + first, a + first, sizeof(Real) * (s->row[island->end] - first));
    for (Index i = island->core; i < island->end; i++) {
        Real sum = constant[i];
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
    for (Index c = island->core; c < island->end; c++) eliminate_row(s, c, inverse, j, flow, 0);
    SPENT(ELIMINATE, island - s->island);
}

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
    const Real taken = SELECT(LESS(most, change), most, SELECT(LESS(change, -most), -most, change));
    Real y = before - taken;
    y = SELECT(LESS(y, least), least, y);
    Real error = ABS(change) * m->tolerance[i] / (1.0 + 0.1 * ABS(y));
    /* A change of sign far below the tolerance is the noise of a body at rest: several of them, each on its own
       beat, would never settle all at once. */
    if (m->s->friction[i]) {
        const Mask crossed = LESS(before * y, ALL(0.0));
        y = SELECT(crossed, ALL(0.0), y);
        error = SELECT(crossed & LESS(ALL(AT_REST), error), ALL(2.0), error);
    }
    all->whole &= (Mask)(y == before - change);
    all->worst = SELECT((Mask)(error <= all->worst), all->worst, error);
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
    if (m->precise) return NONE;
    who &= change.whole & NOT(m->disturbed[k]) & LESS(change.worst, ALL(island->refines ? NEAR_DC : NEAR))
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
    for (int iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
        evaluate_core(m, island, ah, todo);
        eliminate_core(m, island);
        Change change = change_core(m, island, iteration, todo);
        m->iterations++;
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
    Mask stuck = who & NOT(converged) & finite_lanes(m, island);
    if (ANY(stuck)) converged |= newton_by_search(m, island, ah, stuck);
    expand(m, k, last, who);
    run(m, island, ah, m->flow, m->jacobian, last ? UPDATE : REMEMBERED, who);
    SPENT(STATES, k);
    return converged;
}

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
    const Mask by_sdirk = who & NOT(by_euler);
    if (ANY(by_sdirk))
        for (Index i = island->core; i < island->end; i++) {
            Real y = x_before[i] + GAMMA * length * WIDE(m->slope[i]);
            SET_WHERE(by_sdirk, m->x[i], SELECT(LESS(y, ALL(m->floor[i])), ALL(m->floor[i]), y));
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
            SET_WHERE(smooth, m->x[i], SELECT(LESS(y, ALL(m->floor[i])), ALL(m->floor[i]), y));
        }
    return (good & by_euler) | solve(m, k, GAMMA * h, 1, on);
}

/* ------------------------------------------------------------------ steps */

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

/* `length` steps of one island at once. Returns the lanes where Newton converged. */
static Mask attempt(Simulation *m, Index k, Real length, int level, Mask by_euler, Mask who) {
    keep(m, &m->s->island[k], level);
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
    go_back(m, island, level, failed);
    m->halvings++;
    step(m, k, 0.5 * length, level + 1, EVERY, failed);
    step(m, k, 0.5 * length, level + 1, EVERY, failed);
}

static void step(Simulation *m, Index k, Real length, int level, Mask by_euler, Mask who) {
    Mask failed = who & NOT(attempt(m, k, length, level, by_euler, who));
    if (ANY(failed)) halve(m, k, length, level, failed);
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
static void turn_line(Simulation *m, const Island *island, Real length, Mask who) {
    const Real each = 1.0 / length, *x = kept_x(m, 1);
    for (Index i = island->core; i < island->end; i++) SET_NARROW(who, m->slope[i], (m->x[i] - x[i]) * each);
}

/* One part of a step. Returns the lanes, of those that may, that are back where they were, to take it in two. */
static Mask part(Simulation *m, Index k, Real length, Mask by_euler, Mask may_cut, Mask who) {
    const Island *island = &m->s->island[k];
    Mask good = attempt(m, k, length, 1, by_euler, who), failed = who & NOT(good), back = NONE;
    const Mask watched = island->refines ? who : may_cut | (who & LESS(m->pace, ALL(1.0)));
    if (ANY(watched)) {
        Bend found = bend_of(m, island, kept_state(m, 1), good & watched & NOT(by_euler));
        back = may_cut & (failed | found.bent);
        m->pace = SELECT(found.calm, MAXIMUM(m->pace, 2.0 * length), m->pace);
        m->pace = SELECT(back, 0.5 * length, m->pace);
        m->calm = (m->calm & NOT(watched)) | found.calm | (watched & by_euler);
    }
    if (ANY(back)) go_back(m, island, 1, back);
    failed &= NOT(back);
    if (ANY(failed)) halve(m, k, length, 1, failed);
    m->disturbed[k] &= NOT(who) | back;
    Mask within = who & NOT(back) & LESS(length, m->lag[k]);
    m->whole |= good & NOT(back | within | by_euler);
    if (ANY(within)) turn_line(m, island, length, within);
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
    while (ANY(who)) {
        Mask may_cut = who & LESS(ALL(least), at.length) & NOT(by_euler), cuts;
        while (cuts = may_cut & LESS(m->pace, at.length), ANY(cuts)) {
            cut(&at, cuts);
            may_cut &= LESS(ALL(least), at.length);
        }
        const Mask back = part(m, k, at.length, by_euler, may_cut, who);
        cut(&at, back);
        pass(&at, whole, who & NOT(back));
        who &= LESS(at.length, whole) | LESS(at.before, ALL(1.0));
    }
}

#if LANES == 1
#include "precise.h"
#endif

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

#include "locate.h"

/* Backward Euler for a whole step: in a circuit that turned back, and after a jump in a hydraulic island whose step is too
   short to be cut. */
static Mask prefers_euler(const Simulation *m, Index k, Mask who) {
    const Island *island = &m->s->island[k];
    if (island->refines) return who & LESS(m->span[k], ALL(0.0));
    return island->prefers_euler && m->h < 2.0 * PART ? who & m->disturbed[k] : NONE;
}

/* Bring an island to the present: it is `lag` steps behind, and its values `ahead` steps on their straight line. One
   that keeps to its line may then sleep twice as long; one that bends takes its next step in parts. */
static void catch_up(Simulation *m, Index k, Real ahead, Mask who) {
    const Island *island = &m->s->island[k];
    const Mask jumped = who & m->disturbed[k], went_on = who & LESS(ALL(0.0), ahead);
    keep_island(m, k);
    if (ANY(went_on)) go_on(m, island, -ahead, went_on);
#if LANES == 1
    if (m->precise) {
        precise_steps(m, k, m->lag[k] * m->h);
        m->disturbed[k] = NONE;
    } else
#endif
    {
        Real span = ABS(m->span[k]);
        m->calm = m->whole = NONE;
        m->pace = SELECT(LESS(span, ALL(1.0)), span, MAXIMUM(m->lag[k], span));
        keep(m, island, 0);
        in_parts(m, k, m->lag[k], prefers_euler(m, k, who), who);
    }
    const Mask eased = who & m->eased[k] & m->whole & NOT(jumped);
    if (ANY(eased)) begin_between(m, island, eased);
    m->eased[k] &= NOT(who);
    Real lag = m->lag[k];
    Line line = compare(m, k, SELECT(eased, (1.0 - GAMMA) * lag, lag), who, jumped);
    Real span = MAXIMUM(ALL(1.0), 0.25 * lag);
    span = SELECT(line.keeps, MAXIMUM(lag, m->span[k]), span);
    span = SELECT(line.grows, MAXIMUM(MINIMUM(2.0 * lag, ALL(m->longest)), span), span);
    if (!m->precise) span = SELECT(LESS(m->pace, ALL(1.0)), m->pace, span);
    if (island->refines) span = SELECT(line.turns & m->calm & NOT(LESS(span, ALL(1.0))), ALL(-1.0), span);
    SET_WHERE(who, m->span[k], span);
    SET_WHERE(who, m->lag[k], ALL(0.0));
    SPENT(STEP, k);
}

/* An island that sleeps is brought to the present with its old parameters before one of them changes. A circuit where a
   sampled law changes one by a little, after so short a sleep that the two together are little, takes it from its last
   solution on. */
static void set_parameter(Simulation *m, Index p, Real value, int by_law, Mask who) {
    Mask differs = who & (Mask)(m->parameter[p] != value);
    if (!ANY(differs)) return;
    keep_parameter(m, p);
    if (p >= m->s->parameters) { /* parameter of a sampled device: read when it runs */
        SET_WHERE(differs, m->parameter[p], value);
        return;
    }
    Index k = (Index)m->s->parameter_island[p];
    Real size = MAXIMUM(ABS(value), ABS(m->parameter[p])), change = ABS(value - m->parameter[p]), ahead = m->lag[k];
    const int easy = m->s->island[k].refines && !m->precise;
    Mask jumps = differs & LESS((easy ? EASY : DRIFT) * size, change), late = differs & LESS(ALL(0.0), ahead);
    const Mask switched = differs & LESS(EVENT * size, change);
    Mask eases = easy ? differs & NOT(jumps) : NONE;
    if (by_law) late &= NOT(eases & NOT(LESS(EARLY * size, change * (m->lag[k] * m->h))));
    if (m->ends) {
        const Mask away = late & switched & m->ends->known[k];
        late &= NOT(m->ends->known[k]) | away;
        if (ANY(away)) turn_away(m, k, away);
        ahead = SELECT(away, m->ends->before.lag[k], ahead);
    }
    if (ANY(late)) catch_up(m, k, ahead, late);
    m->eased[k] |= eases;
    m->disturbed[k] |= jumps;
    m->event |= switched;
    SET_WHERE(differs, m->parameter[p], value);
    m->span[k] = SELECT(differs & NOT(eases), MINIMUM(ABS(m->span[k]), ALL(1.0)), m->span[k]);
#if LANES == 1
    if (m->precise) m->precise->fresh[k] = 1;
#endif
    linear_changed(m, p, differs);
}

Mask simulation_acting(const Simulation *m) { return m->acting; }
void simulation_flipped(Simulation *m, Mask who) { m->event |= m->acting & who; }

/* A sampled law that follows a solved value writes its noise too, and each writing would wake an island: what is the same
   but for that is not written, and what drifts slowly is there when its island is solved next. */
void simulation_emit(Simulation *m, Index write, Real value) {
    const Real least = (m->precise ? ROUNDING : SAME) * ABS(value), slight = (m->precise ? 0.0 : SLIGHT) * ABS(value);
    for (Index t = m->target_first[write]; t < m->target_first[write + 1]; t++) {
        const Index p = m->target[t];
        Real change = ABS(value - m->parameter[p]);
        Mask differs = m->acting & LESS(least, change), drifts = differs & (Mask)(change <= slight);
        if (!ANY(differs)) continue;
        if (ANY(drifts)) {
            keep_parameter(m, p);
            SET_WHERE(drifts, m->parameter[p], value);
            linear_changed(m, p, drifts);
        }
        differs &= NOT(drifts);
        if (ANY(differs)) set_parameter(m, p, value, 1, differs);
    }
}

EXPORT void simulation_write(Simulation *m, Index parameter, Index lane, double value) {
#if LANES == 1
    Mask who = EVERY;
    (void)lane;
#else
    Mask who = NONE;
    who[lane] = -1;
#endif
    const Real before = m->parameter[parameter], change = ABS(value - before);
    if (parameter >= m->s->parameters) m->told |= who & LESS(EVENT * MAXIMUM(ABS(before), ALL(fabs(value))), change);
    int asleep = parameter < m->s->parameters && ANY(who & LESS(ALL(0.0), m->lag[m->s->parameter_island[parameter]]));
    if (asleep && !take_scratch(m)) return;
    set_parameter(m, parameter, ALL(value), 0, who);
    if (asleep) drop_scratch(m);
    LEAVE_VECTORS();
}

/* Every island up to date: before the network is edited, or read to the last digit. */
EXPORT void simulation_catch_up(Simulation *m) {
    if (!take_scratch(m)) return;
    for (Index k = 0; k < m->s->islands; k++) {
        Mask late = LESS(ALL(0.0), m->lag[k]);
        if (ANY(late)) catch_up(m, k, m->lag[k], late);
    }
    drop_scratch(m);
    LEAVE_VECTORS();
}

/* Sampled laws, after `seconds`. Those with a clock of their own run when it ticks only: to look for the instant of what
   they do would find that tick again. */
static void run_sampled(Simulation *m, double seconds, int ticks, Mask who) {
    m->acting = who;
    for (Index g = 0; g < m->sampled_groups; g++) {
        const SampledLaw *law = &SAMPLED_LAWS[m->sampled[g].law];
        const Mask before = m->event;
        if (!law->clocked) law->run(m, &m->sampled[g], seconds);
        else if (ticks) { law->run(m, &m->sampled[g], m->clock * m->h); m->event = before; }
    }
    SPENT(SAMPLED, 0);
}

/* An island is brought to the end of this part of the step. */
static void solve_part(Simulation *m, Index k, double part, Mask who) {
    const Real lag = m->lag[k];
    catch_up(m, k, lag - part, who);
    if (!m->moment || m->ends || m->precise) return;
    m->moment->smooth[k] = who & m->whole & NOT(LESS(m->pace, lag));
    m->moment->then[k] = m->span[k];
}

/* `part` of a step: 1, or less where the instant of an event is looked for. An island that is awake takes every part,
   unless it goes towards an end that is known. */
static void advance_part(Simulation *m, double part, int ticks, Mask who) {
    m->part = part;
    for (Index k = 0; k < m->s->islands; k++) {
        ADD_WHERE(who, m->lag[k], ALL(part));
        Mask due = m->disturbed[k] | m->eased[k] | NOT(LESS(m->lag[k], m->span[k]));
        if (part < 1.0) due |= NOT(LESS(ALL(1.0), m->span[k]));
        if (m->ends) due &= NOT(m->ends->known[k]);
        due &= who;
        Mask on = who & NOT(due);
        if (ANY(on)) go_on(m, &m->s->island[k], ALL(part), on);
        if (m->moment) m->moment->went_on[k] = on;
        if (m->ends) arrive(m, k);
        if (ANY(due)) solve_part(m, k, part, due);
    }
    run_sampled(m, part * m->h, ticks, who);
}

/* A part of a step. Returns the lanes where an event shows at its end. */
static Mask look_ahead(Simulation *m, struct Moment *from, double part, int ticks, Mask who) {
    open_moment(m, from);
    advance_part(m, part, ticks, who);
    m->moment = NULL;
    return m->event & who;
}

static void advance_located(Simulation *m, struct Moment *room, double part, Index halvings, int ticks, Mask who);

/* What was taken back, in two halves. */
static void advance_halves(Simulation *m, struct Moment *room, double part, Index halvings, int ticks, Mask who) {
    advance_located(m, room, 0.5 * part, halvings - 1, 0, who);
    advance_located(m, room, 0.5 * part, halvings - 1, ticks, who);
}

/* A part of a step; where an event shows at its end, it is taken back and done again in two halves, each likewise. */
static void advance_located(Simulation *m, struct Moment *room, double part, Index halvings, int ticks, Mask who) {
    if (!halvings) { advance_part(m, part, ticks, who); return; }
    const Mask again = look_ahead(m, room, part, ticks, who);
    if (!ANY(again)) return;
    take_back(m, room, again);
    advance_halves(m, room, part, halvings, ticks, again);
}

static void advance_step(Simulation *m, struct Ends *ends, struct Moment *room, int ticks) {
    if (!m->event_halvings) { advance_part(m, 1.0, ticks, EVERY); return; }
    const Mask again = look_ahead(m, &ends->before, 1.0, ticks, EVERY);
    if (!ANY(again)) return;
    keep_ends(m, ends, again);
    take_back(m, &ends->before, again);
    set_out(m, ends);
    advance_halves(m, room, 1.0, m->event_halvings, ticks, again);
    m->ends = NULL;
}

/* What sampled devices were told from outside they act upon at once, not at the end of the step. */
static void act_upon(Simulation *m) {
    const Mask who = m->told;
    m->told = NONE;
    run_sampled(m, INSTANT, 0, who);
}

static void advance(Simulation *m, Index steps) {
    STARTED();
    struct Moment room = moment_in(m, m->room);
    struct Ends ends = ends_in(m, m->room + moment_numbers(m));
    for (Index n = 0; n < steps; n++) {
        if (m->event_halvings && ANY(m->told)) act_upon(m);
        m->since = m->since + 1 < m->clock ? m->since + 1 : 0;
        advance_step(m, &ends, &room, !m->since);
        m->steps++;
    }
    m->part = 1.0;
}

EXPORT void simulation_advance(Simulation *m, Index steps) {
    if (!take_scratch(m)) { m->unresolved += (double)steps; return; }
    advance(m, steps);
    drop_scratch(m);
    LEAVE_VECTORS();
}

#if LANES == 1
/* `points` times: `steps` steps, then the values at `places` as one row of `out`. */
EXPORT void simulation_record(Simulation *m, Index points, Index steps, Index places, const Index *place, double *out) {
    if (!take_scratch(m)) { m->unresolved += (double)points * steps; return; }
    for (Index n = 0; n < points; n++) {
        advance(m, steps);
        for (Index i = 0; i < places; i++) *out++ = m->value[place[i]];
    }
    drop_scratch(m);
}

/* From now on steps follow the estimated error: `accuracy` is what a step may be wrong by, as a share of each state. */
EXPORT void simulation_precise(Simulation *m, double accuracy) {
    free_precise(m->precise);
    m->precise = new_precise(m->s, accuracy);
}
#endif

/* From now on a step with an event is taken in parts, down to 1 / 2^halvings of it, and laws with a clock of their own
   run every `clock` steps. */
EXPORT void simulation_locate(Simulation *m, Index halvings, Index clock) { m->event_halvings = halvings; m->clock = clock; }

#ifndef SOURCE_HASH
#define SOURCE_HASH "unknown"
#endif
/* Hash of the C text of solver and laws: the same text gives the same bits, whatever the compiler and the machine. */
EXPORT const char *source_hash(void) { return SOURCE_HASH; }

EXPORT Index law_count(void) { return LAW_COUNT; }
EXPORT Index sampled_law_count(void) { return SAMPLED_LAW_COUNT; }
EXPORT const char *law_signature(Index i) { return LAWS[i].signature; }
EXPORT const char *sampled_law_signature(Index i) { return SAMPLED_LAWS[i].signature; }
