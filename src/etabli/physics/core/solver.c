/* The solver: nodal equations of islands, linear part condensed once, Newton on the core, SDIRK2 / backward Euler.
   Written by hand; it does not know which law it solves. The method is explained in docs/dev/engine.md. */
#include "solver.h"

#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

#define GAMMA 0.29289321881345254 /* 1 - 1/sqrt(2): Alexander's SDIRK2, L-stable */
#define GMIN 1e-9                 /* conductance from every node to the ground */
#define MAX_ITERATIONS 60
#define MAX_HALVINGS 7
#define NEGLIGIBLE 0.1            /* share of the tolerance that the next Newton step may still be worth */
#define AT_REST 0.01              /* share of the tolerance below which a change of sign of a velocity means nothing */
#define SMALL 1e3                 /* tolerances: from here on Newton's contraction is believed */
#define REFINED 4                 /* short steps of a DC island after a disturbance */
#define MAX_CONDENSED_DEGREE 4    /* a linear node with more neighbours stays in the core: less fill there */

/* ------------------------------------------------------------------ structure, shared by all runs of one network */

typedef struct {
    Index first, core, end;          /* rows first..end; rows core..end are those that Newton works on */
    Index group_first, group_end;    /* its groups of devices */
    Index state_first, state_end;    /* its states */
    int prefers_euler;               /* hydraulic island: backward Euler after a disturbance */
    int refines;                     /* DC island: REFINED short steps after a disturbance (coils are fast) */
} Island;

typedef struct {
    Index unknowns, devices, islands, groups, entries, operations, states, parameters;
    Island *island;
    Group *group;
    Index *row, *column, *diagonal; /* compressed rows of the filled matrix, in elimination order */
    Index *core_start;              /* first entry of a row whose column is in the core (or its diagonal) */
    Index *lower_first;             /* number of the first lower entry of a row */
    Index *target, *target_first;   /* for each lower entry: where its row operations go */
    Index *device_node, *device_entry;
    Index *position;                /* unknown -> row */
    Index *parameter_of, *state_of; /* device -> its first parameter, first state */
    int32_t *parameter_island;      /* parameter -> island */
    unsigned char *parameter_linear;
    unsigned char *friction;        /* row -> velocity with dry friction */
} Structure;

static void *zeroed(size_t count, size_t size) { return calloc(count ? count : 1, size); }

EXPORT void structure_free(Structure *s) {
    if (!s) return;
    free(s->island); free(s->group); free(s->row); free(s->column); free(s->diagonal); free(s->core_start);
    free(s->lower_first); free(s->target); free(s->target_first); free(s->device_node); free(s->device_entry);
    free(s->position); free(s->parameter_of); free(s->state_of); free(s->parameter_island);
    free(s->parameter_linear); free(s->friction); free(s);
}

static Index find_root(Index *parent, Index i) {
    while (parent[i] != i) { parent[i] = parent[parent[i]]; i = parent[i]; }
    return i;
}

typedef uint64_t Word;
static int bit(const Word *set, Index i) { return (int)(set[i >> 6] >> (i & 63) & 1); }
static void set_bit(Word *set, Index i) { set[i >> 6] |= (Word)1 << (i & 63); }
static void clear_bit(Word *set, Index i) { set[i >> 6] &= ~((Word)1 << (i & 63)); }
static Index count_bits(const Word *set, Index words) {
    Index n = 0;
    for (Index w = 0; w < words; w++) n += (Index)__builtin_popcountll(set[w]);
    return n;
}

/* Minimum-degree elimination of the unknowns of one island: first those that only linear laws touch (phase 0), as long
   as they have few neighbours (a supply rail tied to many devices would make the core dense), then the others. Fills
   order[*next..] and leaves in graph[i] the neighbours that i had when it was eliminated. */
static void eliminate(Word *graph, Index words, Index n, const Index *island_of, Index island,
                      const unsigned char *in_core, int phase, Index *order, Index *next, unsigned char *done) {
    Index *degree = zeroed(n, sizeof *degree);
    for (Index i = 0; i < n; i++) degree[i] = count_bits(graph + (size_t)i * words, words);
    for (;;) {
        Index best = n;
        for (Index i = 0; i < n; i++)
            if (!done[i] && island_of[i] == island && (phase || !in_core[i]) && (best == n || degree[i] < degree[best])) best = i;
        if (best == n || (!phase && degree[best] > MAX_CONDENSED_DEGREE)) break;
        Word *mine = graph + (size_t)best * words;
        done[best] = 1;
        order[(*next)++] = best;
        for (Index j = 0; j < n; j++) {
            if (!bit(mine, j)) continue;
            Word *its = graph + (size_t)j * words;
            for (Index w = 0; w < words; w++) its[w] |= mine[w];
            clear_bit(its, j);
            clear_bit(its, best);
            degree[j] = count_bits(its, words);
        }
    }
    free(degree);
}

enum { ORDINARY, HYDRAULIC, DIRECT_CURRENT };

/* unknowns: number of scalar unknowns; law[d]: law of device d; node: scalar unknown of each terminal of each device,
   one device after the other, or -1 for the ground; kind[i]: ORDINARY, HYDRAULIC or DIRECT_CURRENT unknown. */
EXPORT Structure *structure_new(Index unknowns, Index devices, const Index *law, const int32_t *node,
                                const unsigned char *kind) {
    Structure *s = zeroed(1, sizeof *s);
    Index n = unknowns, words = (n + 63) / 64 + 1;
    Word *graph = zeroed((size_t)n * words, sizeof(Word));
    Index *parent = zeroed(n, sizeof(Index)), *island_of = zeroed(n, sizeof(Index)), *order = zeroed(n, sizeof(Index));
    unsigned char *in_core = zeroed(n, 1), *done = zeroed(n, 1);
    const int32_t **terminal = zeroed(devices, sizeof *terminal);
    s->unknowns = n;
    s->devices = devices;
    for (Index i = 0; i < n; i++) parent[i] = i;
    Index terminals = 0, jacobian_entries = 0;
    for (Index d = 0; d < devices; d++) {
        const Law *l = &LAWS[law[d]];
        terminal[d] = node + terminals;
        terminals += l->terminals;
        jacobian_entries += l->entries;
        s->parameters += l->parameters;
        s->states += l->states;
        int32_t anchor = -1;
        for (Index t = 0; t < l->terminals; t++) {
            int32_t i = terminal[d][t];
            if (i < 0) continue;
            if (!l->linear) in_core[i] = 1;
            if (anchor < 0) anchor = i;
            else parent[find_root(parent, (Index)i)] = find_root(parent, (Index)anchor);
        }
        for (Index e = 0; e < l->entries; e++) {
            int32_t r = terminal[d][l->row[e]], c = terminal[d][l->column[e]];
            if (r >= 0 && c >= 0 && r != c) { set_bit(graph + (size_t)r * words, (Index)c); set_bit(graph + (size_t)c * words, (Index)r); }
        }
    }
    Index *number = zeroed(n, sizeof(Index));
    for (Index i = 0; i < n; i++) number[i] = (Index)-1;
    for (Index i = 0; i < n; i++) {
        Index root = find_root(parent, i);
        if (number[root] == (Index)-1) number[root] = s->islands++;
        island_of[i] = number[root];
    }
    free(number);
    s->island = zeroed(s->islands, sizeof(Island));
    s->position = zeroed(n + 1, sizeof(Index));
    Index next = 0;
    for (Index k = 0; k < s->islands; k++) {
        s->island[k].first = next;
        eliminate(graph, words, n, island_of, k, in_core, 0, order, &next, done);
        s->island[k].core = next;
        eliminate(graph, words, n, island_of, k, in_core, 1, order, &next, done);
        s->island[k].end = next;
    }
    for (Index i = 0; i < n; i++) s->position[order[i]] = i;
    for (Index i = 0; i < n; i++) {
        if (kind[i] == HYDRAULIC) s->island[island_of[i]].prefers_euler = 1;
        if (kind[i] == DIRECT_CURRENT) s->island[island_of[i]].refines = 1;
    }

    /* Filled pattern: row i holds, left of its diagonal, every row whose elimination touched it. */
    Word *filled = zeroed((size_t)n * words, sizeof(Word));
    for (Index i = 0; i < n; i++) {
        Word *mine = graph + (size_t)order[i] * words;
        set_bit(filled + (size_t)i * words, i);
        for (Index j = 0; j < n; j++)
            if (bit(mine, j)) {
                Index p = s->position[j];
                set_bit(filled + (size_t)i * words, p);
                set_bit(filled + (size_t)p * words, i);
            }
    }
    s->row = zeroed(n + 1, sizeof(Index));
    for (Index i = 0; i < n; i++) s->row[i + 1] = s->row[i] + count_bits(filled + (size_t)i * words, words);
    s->entries = s->row[n];
    s->column = zeroed(s->entries, sizeof(Index));
    s->diagonal = zeroed(n + 1, sizeof(Index));
    s->core_start = zeroed(n + 1, sizeof(Index));
    s->lower_first = zeroed(n + 1, sizeof(Index));
    s->friction = zeroed(n + 1, 1);
    for (Index i = 0; i < n; i++) {
        Index q = s->row[i];
        for (Index j = 0; j < n; j++)
            if (bit(filled + (size_t)i * words, j)) { if (j == i) s->diagonal[i] = q; s->column[q++] = j; }
    }
    Index lower = 0;
    for (Index k = 0; k < s->islands; k++)
        for (Index i = s->island[k].first; i < s->island[k].end; i++) {
            s->lower_first[i] = lower;
            lower += s->diagonal[i] - s->row[i];
            Index q = s->row[i];
            while (q < s->diagonal[i] && s->column[q] < s->island[k].core) q++;
            s->core_start[i] = q;
        }
    s->target_first = zeroed(lower + 1, sizeof(Index));
    for (int pass = 0; pass < 2; pass++) {
        Index entry = 0, used = 0;
        for (Index i = 0; i < n; i++)
            for (Index q = s->row[i]; q < s->diagonal[i]; q++) {
                Index k = s->column[q], at = s->row[i];
                for (Index u = s->diagonal[k] + 1; u < s->row[k + 1]; u++) {
                    while (s->column[at] != s->column[u]) at++;
                    if (pass) s->target[used] = at;
                    used++;
                }
                s->target_first[++entry] = used;
            }
        if (!pass) s->target = zeroed(used, sizeof(Index));
        s->operations = used;
    }

    /* Devices by island, then law, then number: groups are consecutive in every table. */
    Index *device_island = zeroed(devices, sizeof(Index));
    for (Index d = 0; d < devices; d++) {
        for (Index t = 0; t < LAWS[law[d]].terminals; t++)
            if (terminal[d][t] >= 0) { device_island[d] = island_of[terminal[d][t]]; break; }
    }
    Index *bucket = zeroed((size_t)s->islands * LAW_COUNT + 1, sizeof(Index));
    for (Index d = 0; d < devices; d++) bucket[device_island[d] * LAW_COUNT + law[d] + 1]++;
    for (Index b = 0; b < s->islands * LAW_COUNT; b++) { if (bucket[b + 1]) s->groups++; bucket[b + 1] += bucket[b]; }
    Index *sorted = zeroed(devices, sizeof(Index)), *fill = zeroed((size_t)s->islands * LAW_COUNT + 1, sizeof(Index));
    memcpy(fill, bucket, sizeof(Index) * ((size_t)s->islands * LAW_COUNT));
    for (Index d = 0; d < devices; d++) sorted[fill[device_island[d] * LAW_COUNT + law[d]]++] = d;
    s->group = zeroed(s->groups, sizeof(Group));
    s->device_node = zeroed(terminals, sizeof(Index));
    s->device_entry = zeroed(jacobian_entries, sizeof(Index));
    s->parameter_of = zeroed(devices, sizeof(Index));
    s->state_of = zeroed(devices, sizeof(Index));
    s->parameter_island = zeroed(s->parameters, sizeof(int32_t));
    s->parameter_linear = zeroed(s->parameters, 1);
    Index at_node = 0, at_entry = 0, at_parameter = 0, at_state = 0, at_group = 0;
    for (Index k = 0; k < s->islands; k++) {
        s->island[k].group_first = at_group;
        s->island[k].state_first = at_state;
        for (Index type = 0; type < LAW_COUNT; type++) {
            const Law *l = &LAWS[type];
            Index b0 = bucket[k * LAW_COUNT + type], b1 = bucket[k * LAW_COUNT + type + 1];
            if (b0 == b1) continue;
            s->group[at_group++] = (Group){type, b1 - b0, at_node, at_entry, at_parameter, at_state};
            for (Index b = b0; b < b1; b++) {
                Index d = sorted[b];
                for (Index t = 0; t < l->terminals; t++) {
                    int32_t i = terminal[d][t];
                    s->device_node[at_node++] = i < 0 ? n : s->position[i];
                    if (i >= 0 && l->friction >> t & 1) s->friction[s->position[i]] = 1;
                }
                for (Index e = 0; e < l->entries; e++) {
                    int32_t r = terminal[d][l->row[e]], c = terminal[d][l->column[e]];
                    Index slot = s->entries;
                    if (r >= 0 && c >= 0) { slot = s->row[s->position[r]]; while (s->column[slot] != s->position[c]) slot++; }
                    s->device_entry[at_entry++] = slot;
                }
                s->parameter_of[d] = at_parameter;
                s->state_of[d] = at_state;
                for (Index p = 0; p < l->parameters; p++) {
                    s->parameter_island[at_parameter + p] = (int32_t)k;
                    s->parameter_linear[at_parameter + p] = (unsigned char)l->linear;
                }
                at_parameter += l->parameters;
                at_state += l->states;
            }
        }
        s->island[k].group_end = at_group;
        s->island[k].state_end = at_state;
    }
    free(bucket); free(sorted); free(fill); free(device_island); free(filled);
    free(graph); free(parent); free(island_of); free(order); free(in_core); free(done); free(terminal);
    return s;
}

/* sizes: unknowns, devices, islands, core unknowns, matrix entries, row operations, states, parameters, bytes */
EXPORT void structure_sizes(const Structure *s, int64_t sizes[9]) {
    int64_t core = 0;
    for (Index k = 0; k < s->islands; k++) core += s->island[k].end - s->island[k].core;
    sizes[0] = s->unknowns; sizes[1] = s->devices; sizes[2] = s->islands; sizes[3] = core; sizes[4] = s->entries;
    sizes[5] = s->operations; sizes[6] = s->states; sizes[7] = s->parameters;
    sizes[8] = (int64_t)(sizeof(Index) * (s->unknowns * 6u + s->entries + s->operations + s->devices * 2u));
}

EXPORT void structure_layout(const Structure *s, Index *position, Index *parameter_of, Index *state_of) {
    memcpy(position, s->position, sizeof(Index) * s->unknowns);
    memcpy(parameter_of, s->parameter_of, sizeof(Index) * s->devices);
    memcpy(state_of, s->state_of, sizeof(Index) * s->devices);
}

/* island number of each row */
EXPORT void structure_islands(const Structure *s, Index *island_of_row) {
    for (Index k = 0; k < s->islands; k++)
        for (Index i = s->island[k].first; i < s->island[k].end; i++) island_of_row[i] = k;
}

/* ------------------------------------------------------------------ one run */

struct Simulation {
    const Structure *s;
    double *value;              /* unknowns + ground, states, parameters, memories; owned by the caller */
    double *x, *state, *parameter, *memory;
    const double *tolerance, *limit, *floor; /* per row: 1 / Newton tolerance, largest step, least value */
    double h;
    int64_t steps, unresolved, iterations, halvings;
    Index troubled;             /* row that Newton could not settle, in the last step that needed halving */
    double *linear, *inverse;   /* condensed matrix of the linear laws, and 1 / its diagonal */
    /* Scratch, there during simulation_advance only: nothing in it is needed from one step to the next. */
    double *flow, *constant, *jacobian, *predicted, *kept_state, *kept_x;
    double *reach, *last;       /* per row: largest change allowed now, change of the iteration before */
    double *weight;             /* per island: ah of its condensed matrix, negative when it must be made again */
    unsigned char *disturbed;   /* per island: a parameter jumped since its last step */
    Index sampled_groups;
    SampledGroup *sampled;
    Index *read, *target, *target_first;
    Index reads, writes, targets;
};

double *simulation_values(Simulation *m) { return m->value; }
const Index *simulation_reads(const Simulation *m) { return m->read; }
Index simulation_parameter_base(const Simulation *m) { return (Index)(m->parameter - m->value); }
Index simulation_memory_base(const Simulation *m) { return (Index)(m->memory - m->value); }

static void set_parameter(Simulation *m, Index p, double value) {
    if (m->parameter[p] == value) return;
    m->parameter[p] = value;
    if (p >= m->s->parameters) return; /* parameter of a sampled device: read when it runs */
    Index k = (Index)m->s->parameter_island[p];
    m->disturbed[k] = 1;
    if (m->s->parameter_linear[p]) m->weight[k] = -1.0;
}

/* A sampled law that follows a solved value writes its rounding too: what differs by less than 1e-10 of itself from the
   value in force is the same, or the island would be condensed again at every step. */
static int same(double a, double b) {
    double difference = a < b ? b - a : a - b, size = a < 0 ? -a : a;
    return difference <= 1e-10 * size;
}

void simulation_emit(Simulation *m, Index write, double value) {
    for (Index t = m->target_first[write]; t < m->target_first[write + 1]; t++)
        if (!same(value, m->parameter[m->target[t]])) set_parameter(m, m->target[t], value);
}

EXPORT void simulation_write(Simulation *m, Index parameter, double value) { set_parameter(m, parameter, value); }

EXPORT void simulation_free(Simulation *m) {
    if (!m) return;
    free(m->linear); free(m->inverse); free(m->weight); free(m->disturbed); free(m->sampled); free(m->read);
    free(m->target); free(m->target_first); free(m);
}

EXPORT Simulation *simulation_new(const Structure *s, double *value, Index parameters, const double *tolerance,
                                  const double *limit, const double *least, double h, Index sampled_groups,
                                  const SampledGroup *sampled, Index reads, const Index *read, Index writes,
                                  const Index *target_first, const Index *target) {
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
    m->inverse = zeroed(n, sizeof(double));
    m->linear = zeroed((size_t)s->entries + 1, sizeof(double));
    m->weight = zeroed(s->islands, sizeof(double)); m->disturbed = zeroed(s->islands, 1);
    for (Index k = 0; k < s->islands; k++) m->weight[k] = -1.0;
    m->sampled_groups = sampled_groups;
    m->sampled = zeroed(sampled_groups, sizeof(SampledGroup)); memcpy(m->sampled, sampled, sizeof(SampledGroup) * sampled_groups);
    m->read = zeroed(reads, sizeof(Index)); memcpy(m->read, read, sizeof(Index) * reads);
    m->reads = reads; m->writes = writes; m->targets = target_first[writes];
    m->target_first = zeroed(writes + 1, sizeof(Index)); memcpy(m->target_first, target_first, sizeof(Index) * (writes + 1));
    m->target = zeroed(m->targets, sizeof(Index)); memcpy(m->target, target, sizeof(Index) * m->targets);
    return m;
}

/* After the values were replaced as a whole (snapshot): nothing cached is trusted. */
EXPORT void simulation_reset(Simulation *m, const unsigned char *disturbed) {
    for (Index k = 0; k < m->s->islands; k++) { m->weight[k] = -1.0; m->disturbed[k] = disturbed ? disturbed[k] : 1; }
}

EXPORT void simulation_disturbed(const Simulation *m, unsigned char *disturbed) { memcpy(disturbed, m->disturbed, m->s->islands); }

/* steps, unresolved island steps, Newton iterations, halvings, bytes of this run, troubled row */
EXPORT void simulation_counters(const Simulation *m, int64_t c[6]) {
    c[5] = m->troubled;
    c[0] = m->steps; c[1] = m->unresolved; c[2] = m->iterations; c[3] = m->halvings;
    const Structure *s = m->s;
    c[4] = (int64_t)(sizeof *m + sizeof(double) * (s->unknowns + 1 + s->entries + 1 + s->islands) + s->islands
                     + sizeof(SampledGroup) * m->sampled_groups + sizeof(Index) * (m->reads + m->writes + 1 + m->targets));
}

static void run(const Simulation *m, const Island *island, double ah, double *flow, double *jacobian, int what) {
    const Structure *s = m->s;
    Stage stage = {s->device_node, s->device_entry, m->x, m->parameter, m->predicted, flow, jacobian, m->state, ah};
    for (Index g = island->group_first; g < island->group_end; g++) {
        const Law *l = &LAWS[s->group[g].law];
        Kernel kernel = what == 0 ? l->newton : what == 1 ? l->constant : what == 2 ? l->conductance : l->update;
        if (kernel) kernel(&s->group[g], &stage);
    }
}

/* Stamp the linear laws and eliminate the rows they alone touch; what is left in the core rows is their Schur
   complement. Done again only when a linear parameter or the step changed. */
static void condense(Simulation *m, Index k, double ah) {
    const Structure *s = m->s;
    const Island *island = &s->island[k];
    double *restrict a = m->linear, *restrict inverse = m->inverse;
    memset(a + s->row[island->first], 0, sizeof(double) * (s->row[island->end] - s->row[island->first]));
    for (Index i = island->first; i < island->end; i++) a[s->diagonal[i]] = GMIN;
    run(m, island, ah, m->flow, a, 2);
    for (Index i = island->first; i < island->end; i++) {
        Index entry = s->lower_first[i], end = s->core_start[i];
        for (Index q = s->row[i]; q < end; q++, entry++) {
            Index c = s->column[q];
            double factor = a[q] * inverse[c];
            a[q] = factor;
            const double *u = a + s->diagonal[c] + 1;
            for (Index t = s->target_first[entry]; t < s->target_first[entry + 1]; t++) a[s->target[t]] -= factor * *u++;
        }
        if (i < island->core) inverse[i] = 1.0 / a[s->diagonal[i]];
    }
    m->weight[k] = ah;
}

/* Flows of the linear laws at x = 0, with the condensed rows eliminated from them. */
static void load_constant(Simulation *m, const Island *island, double ah) {
    const Structure *s = m->s;
    const Index *restrict row = s->row, *restrict column = s->column, *restrict core_start = s->core_start;
    const double *restrict a = m->linear;
    double *restrict constant = m->constant;
    memset(constant + island->first, 0, sizeof(double) * (island->end - island->first));
    run(m, island, ah, constant, m->linear, 1);
    for (Index i = island->first; i < island->end; i++) {
        double sum = constant[i];
        for (Index q = row[i]; q < core_start[i]; q++) sum -= a[q] * constant[column[q]];
        constant[i] = sum;
    }
}

/* The condensed rows, once the core is known. */
static void expand(Simulation *m, const Island *island) {
    const Structure *s = m->s;
    const Index *restrict row = s->row, *restrict column = s->column, *restrict diagonal = s->diagonal;
    const double *restrict a = m->linear, *restrict inverse = m->inverse, *restrict constant = m->constant;
    double *restrict x = m->x;
    for (Index i = island->core; i-- > island->first;) {
        double sum = -constant[i];
        for (Index q = diagonal[i] + 1; q < row[i + 1]; q++) sum -= a[q] * x[column[q]];
        x[i] = sum * inverse[i];
    }
}

/* Flows and Jacobian of the core at x, then its elimination; leaves the changed right-hand side in flow. */
static void factor_core(Simulation *m, const Island *island, double ah) {
    const Structure *s = m->s;
    const Index core = island->core, end = island->end;
    const Index *restrict row = s->row, *restrict column = s->column, *restrict diagonal = s->diagonal;
    const Index *restrict core_start = s->core_start, *restrict target = s->target, *restrict target_first = s->target_first;
    const double *restrict a = m->linear, *restrict constant = m->constant, *restrict x = m->x;
    double *restrict j = m->jacobian, *restrict inverse = m->inverse, *restrict flow = m->flow;
    for (Index i = core; i < end; i++) {
        double sum = constant[i];
        for (Index q = core_start[i]; q < row[i + 1]; q++) { sum += a[q] * x[column[q]]; j[q] = a[q]; }
        flow[i] = sum;
    }
    run(m, island, ah, m->flow, m->jacobian, 0);
    for (Index i = core; i < end; i++) {
        Index entry = s->lower_first[i] + (core_start[i] - row[i]);
        double sum = flow[i];
        for (Index q = core_start[i]; q < diagonal[i]; q++, entry++) {
            Index c = column[q];
            double factor = j[q] * inverse[c];
            const Index *to = target + target_first[entry], *last = target + target_first[entry + 1];
            for (const double *u = j + diagonal[c] + 1; to < last; to++, u++) j[*to] -= factor * *u;
            sum -= factor * flow[c];
        }
        inverse[i] = 1.0 / j[diagonal[i]];
        flow[i] = sum;
    }
}

typedef struct {
    double worst;   /* largest change over its tolerance */
    Index row;      /* where */
    int finite, whole; /* whole: no row was held back by a limit */
} Change;

/* Back substitution and update of x, with the limits of each row. */
static Change update_core(Simulation *m, const Island *island, int iteration) {
    const Structure *s = m->s;
    const Index *restrict row = s->row, *restrict column = s->column, *restrict diagonal = s->diagonal;
    const double *restrict j = m->jacobian, *restrict inverse = m->inverse;
    const double *restrict tolerance = m->tolerance, *restrict least = m->floor, *restrict limit = m->limit;
    double *restrict flow = m->flow, *restrict x = m->x, *restrict reach = m->reach, *restrict before = m->last;
    double worst = 0.0, finite = 0.0;
    int whole = 1;
    Index worst_row = island->core;
    for (Index i = island->end; i-- > island->core;) {
        double sum = flow[i];
        for (Index q = diagonal[i] + 1; q < row[i + 1]; q++) sum -= j[q] * flow[column[q]];
        double change = sum * inverse[i];
        flow[i] = change;
        finite += change * 0.0;
        /* A saturated law (transistor, current limit) throws Newton from one flat side to the other: each time a row
           turns back it may go only half as far, so it closes in on the steep part; while it keeps its direction it may
           go farther again. */
        if (iteration >= 3) {
            if (change * before[i] < 0.0) reach[i] *= 0.5;
            else if (reach[i] < limit[i]) reach[i] *= 1.5;
        }
        before[i] = change;
        double taken = change;
        if (taken > reach[i]) taken = reach[i];
        else if (taken < -reach[i]) taken = -reach[i];
        double y = x[i] - taken;
        if (y < least[i]) y = least[i];
        double error = change < 0 ? -change : change;
        double size = y < 0 ? -y : y;
        error *= tolerance[i] / (1.0 + 0.1 * size);
        /* A change of sign far below the tolerance is the noise of a body at rest: several of them, each on its own
           beat, would never settle all at once. */
        if (s->friction[i] && x[i] * y < 0.0) { y = 0.0; if (error > AT_REST) error = 2.0; }
        if (y != x[i] - change) whole = 0;
        if (!(error <= worst)) { worst = error; worst_row = i; }
        x[i] = y;
    }
    return (Change){worst, worst_row, finite == 0.0, whole};
}

/* Newton on the core. Settled when the last change is below the tolerance, or so much smaller than the one before (both
   whole, and small already) that the next would be far below it. */
static int newton(Simulation *m, const Island *island, double ah) {
    double before = 0.0;
    Change change = {0.0, island->core, 1, 0};
    for (Index i = island->core; i < island->end; i++) { m->reach[i] = m->limit[i]; m->last[i] = 0.0; }
    for (int iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
        factor_core(m, island, ah);
        change = update_core(m, island, iteration);
        m->iterations++;
        if (!change.finite) break; /* not a number: the caller takes a shorter step from where it was */
        if (change.worst < 1.0) return 1;
        if (change.whole && change.worst < 0.1 * before && change.worst * change.worst < NEGLIGIBLE * before) return 1;
        before = change.whole && change.worst < SMALL ? change.worst : 0.0;
    }
    m->troubled = change.row;
    return 0;
}

/* Solve one implicit stage of an island: x and new states from the predicted states. Returns 1 when converged. */
static int solve(Simulation *m, Index k, double ah) {
    const Island *island = &m->s->island[k];
    if (m->weight[k] != ah) condense(m, k, ah);
    load_constant(m, island, ah);
    int converged = island->core == island->end || newton(m, island, ah);
    expand(m, island);
    run(m, island, ah, m->flow, m->jacobian, 3);
    return converged;
}

static int euler(Simulation *m, Index k, double h) {
    const Island *island = &m->s->island[k];
    for (Index z = island->state_first; z < island->state_end; z++) m->predicted[z] = m->state[z];
    return solve(m, k, h);
}

static int sdirk2(Simulation *m, Index k, double h, const double *state_before, const double *x_before) {
    const Island *island = &m->s->island[k];
    const double ahead = (1.0 - GAMMA) / GAMMA;
    if (!euler(m, k, GAMMA * h)) return 0;
    for (Index z = island->state_first; z < island->state_end; z++)
        m->predicted[z] = state_before[z] + ahead * (m->state[z] - state_before[z]);
    /* Newton starts from a straight line through the two points known, unless a jump lies between them. */
    if (!m->disturbed[k])
        for (Index i = island->core; i < island->end; i++) {
            double y = m->x[i] + ahead * (m->x[i] - x_before[i]);
            m->x[i] = y < m->floor[i] ? m->floor[i] : y;
        }
    return solve(m, k, GAMMA * h);
}

/* One step of one island. When Newton fails, the island goes back and takes two halves, by backward Euler. */
static void step(Simulation *m, Index k, double h, int depth) {
    const Island *island = &m->s->island[k];
    double *kept_state = m->kept_state + (size_t)m->s->states * (size_t)depth;
    double *kept_x = m->kept_x + (size_t)(m->s->unknowns + 1) * (size_t)depth;
    size_t state_bytes = sizeof(double) * (island->state_end - island->state_first);
    size_t x_bytes = sizeof(double) * (island->end - island->first);
    memcpy(kept_state + island->state_first, m->state + island->state_first, state_bytes);
    memcpy(kept_x + island->first, m->x + island->first, x_bytes);
    int by_euler = depth > 0 || (island->prefers_euler && m->disturbed[k]);
    if (by_euler ? euler(m, k, h) : sdirk2(m, k, h, kept_state, kept_x)) return;
    if (depth == MAX_HALVINGS) {
        m->unresolved++;
        double sum = 0.0;
        for (Index i = island->first; i < island->end; i++) sum += m->x[i] * 0.0;
        for (Index z = island->state_first; z < island->state_end; z++) sum += m->state[z] * 0.0;
        if (sum == 0.0) return; /* not converged, but finite: the next step goes on from here */
    }
    memcpy(m->state + island->state_first, kept_state + island->state_first, state_bytes);
    memcpy(m->x + island->first, kept_x + island->first, x_bytes);
    if (depth == MAX_HALVINGS) return;
    m->halvings++;
    step(m, k, 0.5 * h, depth + 1);
    step(m, k, 0.5 * h, depth + 1);
}

/* One block for all scratch arrays; released by free(m->flow). */
static int take_scratch(Simulation *m) {
    const size_t n = m->s->unknowns + 1, z = m->s->states, entries = m->s->entries + 1, levels = MAX_HALVINGS + 1;
    double *block = malloc(sizeof(double) * (4 * n + entries + z + levels * (n + z)));
    if (!block) return 0;
    m->flow = block;
    m->constant = m->flow + n; m->reach = m->constant + n; m->last = m->reach + n;
    m->jacobian = m->last + n; m->predicted = m->jacobian + entries;
    m->kept_x = m->predicted + z; m->kept_state = m->kept_x + levels * n;
    m->flow[n - 1] = m->constant[n - 1] = m->jacobian[entries - 1] = 0.0; /* what goes to the ground */
    return 1;
}

EXPORT void simulation_advance(Simulation *m, Index steps) {
    if (!take_scratch(m)) { m->unresolved += steps; return; }
    for (Index n = 0; n < steps; n++) {
        for (Index k = 0; k < m->s->islands; k++) {
            Index parts = m->disturbed[k] && m->s->island[k].refines ? REFINED : 1;
            for (Index part = 0; part < parts; part++) {
                step(m, k, m->h / parts, 0);
                m->disturbed[k] = 0;
            }
        }
        for (Index g = 0; g < m->sampled_groups; g++)
            SAMPLED_LAWS[m->sampled[g].law].run(m, &m->sampled[g], m->h);
        m->steps++;
    }
    free(m->flow);
}

#ifndef SOURCE_HASH
#define SOURCE_HASH "unknown"
#endif
/* Hash of the C text of solver and laws: the same text gives the same bits, whatever the compiler and the machine. */
EXPORT const char *source_hash(void) { return SOURCE_HASH; }

EXPORT Index law_count(void) { return LAW_COUNT; }
EXPORT Index sampled_law_count(void) { return SAMPLED_LAW_COUNT; }
EXPORT const char *law_signature(Index i) { return LAWS[i].signature; }
EXPORT const char *sampled_law_signature(Index i) { return SAMPLED_LAWS[i].signature; }
