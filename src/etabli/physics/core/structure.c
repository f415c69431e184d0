/* The structure of a network: islands, order of elimination, filled matrix, places of everything. Made once for a network
   and shared by all its runs, scalar or in lanes. See docs/dev/engine.md. */
#include "solver.h"

#include <stdlib.h>
#include <string.h>

#define MAX_CONDENSED_DEGREE 4 /* a linear node with more neighbours stays in the core: less fill there */

EXPORT void structure_free(Structure *s) {
    if (!s) return;
    free(s->island); free(s->group); free(s->row); free(s->column); free(s->diagonal); free(s->core_start);
    free(s->mirror); free(s->target); free(s->target_first); free(s->carried); free(s->carried_first);
    free(s->carried_moving); free(s->wired); free(s->wired_first); free(s->needed); free(s->needed_first); free(s->device_node); free(s->device_entry);
    free(s->position); free(s->parameter_of); free(s->state_of); free(s->parameter_island);
    free(s->parameter_linear); free(s->friction); free(s->remembered); free(s);
}

static Index find_root(Index *parent, Index i) {
    while (parent[i] != i) { parent[i] = parent[parent[i]]; i = parent[i]; }
    return i;
}

typedef uint64_t Word;
static void set_bit(Word *set, Index i) { set[i >> 6] |= (Word)1 << (i & 63); }
static void clear_bit(Word *set, Index i) { set[i >> 6] &= ~((Word)1 << (i & 63)); }
static Index count_bits(const Word *set, Index words) {
    Index n = 0;
    for (Index w = 0; w < words; w++) n += (Index)__builtin_popcountll(set[w]);
    return n;
}
/* The first member from i on, or one beyond all. */
static Index next_bit(const Word *set, Index words, Index i) {
    Index w = i >> 6;
    if (w >= words) return words << 6;
    Word rest = set[w] >> (i & 63) << (i & 63);
    while (!rest && ++w < words) rest = set[w];
    return rest ? (w << 6) + (Index)__builtin_ctzll(rest) : words << 6;
}
#define EACH(j, set, words) (Index j = next_bit(set, words, 0); j < (words) << 6; j = next_bit(set, words, j + 1))

/* Fewer neighbours first; among as few, the one that waits for the shortest chain of rows: chains that do not wait for each
   other are computed side by side. */
static int precedes_in_order(Index i, Index j, const Index *degree, const Index *height) {
    return degree[i] != degree[j] ? degree[i] < degree[j] : height[i] < height[j];
}

/* Minimum-degree elimination of the unknowns of one island: first those that only linear laws touch (phase 0), as long
   as they have few neighbours (a supply rail tied to many devices would make the core dense), then the others. Fills
   order[*next..] and leaves in graph[i] the neighbours that i had when it was eliminated. */
static void eliminate(Word *graph, Index words, Index n, const Index *island_of, Index island,
                      const unsigned char *in_core, int phase, Index *order, Index *next, unsigned char *done) {
    Index *degree = zeroed(n, sizeof *degree), *left = zeroed(n, sizeof *left), *height = zeroed(n, sizeof *height), members = 0;
    for (Index i = 0; i < n; i++) {
        if (done[i] || island_of[i] != island || (!phase && in_core[i])) continue;
        left[members++] = i;
        degree[i] = count_bits(graph + (size_t)i * words, words);
    }
    for (;;) {
        Index best = n;
        for (Index l = 0; l < members; l++)
            if (!done[left[l]] && (best == n || precedes_in_order(left[l], best, degree, height))) best = left[l];
        if (best == n || (!phase && degree[best] > MAX_CONDENSED_DEGREE)) break;
        Word *mine = graph + (size_t)best * words;
        done[best] = 1;
        order[(*next)++] = best;
        for EACH(j, mine, words) {
            Word *its = graph + (size_t)j * words;
            for (Index w = 0; w < words; w++) its[w] |= mine[w];
            clear_bit(its, j);
            clear_bit(its, best);
            degree[j] = count_bits(its, words);
            if (height[j] <= height[best]) height[j] = height[best] + 1;
        }
    }
    free(degree); free(left); free(height);
}

/* Rows where linear laws have a flow though all is 0: of those with states, or of those without. */
static void mark_sources(const Structure *s, int with_states, unsigned char *flows) {
    for (Index g = 0; g < s->groups; g++) {
        const Group *group = &s->group[g];
        const Law *l = &LAWS[group->law];
        if ((l->states != 0) != with_states) continue;
        for (Index t = 0; t < group->count * l->terminals; t++)
            if (l->sources >> t % l->terminals & 1) flows[s->device_node[group->node + t]] = 1;
    }
}

/* Most rows have no flow where all is 0, and get none from the rows eliminated before: no need to look at them. What has
   no state in it flows the same at every stage, and is carried only once. */
static void find_carried(Structure *s) {
    unsigned char *moving = zeroed(s->unknowns + 1, 1), *steady = zeroed(s->unknowns + 1, 1);
    mark_sources(s, 1, moving);
    mark_sources(s, 0, steady);
    s->carried_first = zeroed(s->islands + 1, sizeof(Index));
    s->carried_moving = zeroed(s->islands, sizeof(Index));
    s->carried = zeroed(s->entries, sizeof(Carried));
    Index count = 0;
    for (Index k = 0; k < s->islands; k++) {
        const Island *island = &s->island[k];
        for (Index i = island->first; i < island->end; i++)
            for (Index q = s->row[i]; q < s->core_start[i]; q++) moving[i] |= moving[s->column[q]];
        s->carried_first[k] = count;
        for (Index i = island->first; i < island->end; i++)
            for (Index q = s->row[i]; q < s->core_start[i]; q++) {
                const Index c = s->column[q];
                if (!moving[c] && steady[c]) { s->carried[count++] = (Carried){i, q, c}; steady[i] = 1; }
            }
        s->carried_moving[k] = count;
        for (Index i = island->first; i < island->end; i++)
            for (Index q = s->row[i]; q < s->core_start[i]; q++)
                if (moving[s->column[q]]) s->carried[count++] = (Carried){i, q, s->column[q]};
    }
    s->carried_first[s->islands] = count;
    free(moving); free(steady);
}

/* Places of the core that are not always 0 before Newton begins: those of linear laws, and what condensing fills. */
static void find_wired(Structure *s) {
    unsigned char *reached = zeroed(s->entries + 1, 1);
    for (Index i = 0; i < s->unknowns; i++) reached[s->diagonal[i]] = 1;
    for (Index g = 0; g < s->groups; g++) {
        const Law *l = &LAWS[s->group[g].law];
        for (Index e = 0; l->linear && e < s->group[g].count * l->entries; e++) reached[s->device_entry[s->group[g].jacobian + e]] = 1;
    }
    for (Index k = 0; k < s->islands; k++)
        for (Index t = s->target_first[s->island[k].first]; t < s->target_first[s->island[k].core]; t++) reached[s->target[t]] = 1;
    s->wired = zeroed(s->entries, sizeof(Index));
    s->wired_first = zeroed(s->unknowns + 1, sizeof(Index));
    Index count = 0;
    for (Index k = 0; k < s->islands; k++)
        for (Index i = s->island[k].first; i < s->island[k].end; i++) {
            s->wired_first[i] = count;
            for (Index q = s->core_start[i]; i >= s->island[k].core && q < s->row[i + 1]; q++)
                if (reached[q]) s->wired[count++] = q;
        }
    s->wired_first[s->unknowns] = count;
    free(reached);
}

/* After the first of two stages only states count that a law looks back at, and the rows that those depend on. */
static void find_needed(Structure *s) {
    unsigned char *wanted = zeroed(s->unknowns + 1, 1);
    for (Index g = 0; g < s->groups; g++) {
        const Law *l = &LAWS[s->group[g].law];
        for (Index t = 0; l->remembered && t < s->group[g].count * l->terminals; t++) wanted[s->device_node[s->group[g].node + t]] = 1;
    }
    s->needed = zeroed(s->unknowns, sizeof(Index));
    s->needed_first = zeroed(s->islands + 1, sizeof(Index));
    Index count = 0;
    for (Index k = 0; k < s->islands; k++) {
        s->needed_first[k] = count;
        for (Index i = s->island[k].first; i < s->island[k].core; i++)
            for (Index q = s->diagonal[i] + 1; wanted[i] && q < s->row[i + 1]; q++) wanted[s->column[q]] = 1;
        for (Index i = s->island[k].core; i-- > s->island[k].first;)
            if (wanted[i]) s->needed[count++] = i;
    }
    s->needed_first[s->islands] = count;
    free(wanted);
}

/* Order of two devices of one law: by their unknowns, terminal by terminal. */
static int precedes(const int32_t *a, const int32_t *b, Index terminals) {
    for (Index t = 0; t < terminals; t++)
        if (a[t] != b[t]) return a[t] < b[t];
    return 0;
}

enum { ORDINARY, DIRECT_CURRENT };

/* What a structure is made from, while it is made. The graph has a row of bits for each unknown: its neighbours, and once
   it has its place in the order those that it had then. */
typedef struct {
    Index n, words, devices;
    const Index *law;                /* device -> its law */
    const int32_t **terminal;        /* device -> the unknowns of its terminals, -1 for the ground */
    Word *graph;
    Word *filled;                    /* row -> its columns once the matrix is filled */
    Index *parent, *island_of;       /* unknown -> another one of its island; its island */
    Index *order;                    /* row -> unknown */
    unsigned char *in_core, *done;   /* unknown -> touched by a law that is not linear; has its row */
    Index *device_island, *sorted;   /* device -> its island; place -> device, by island, then law, then nodes */
    Index *bucket;                   /* island and law -> its first place in `sorted` */
} Draft;

static Word *row_of(Word *rows, const Draft *d, Index i) { return rows + (size_t)i * d->words; }

static Draft draft(Index unknowns, Index devices, const Index *law) {
    Draft d = {.n = unknowns, .words = (unknowns + 63) / 64 + 1, .devices = devices, .law = law};
    d.terminal = zeroed(devices, sizeof *d.terminal);
    d.graph = zeroed((size_t)d.n * d.words, sizeof(Word));
    d.filled = zeroed((size_t)d.n * d.words, sizeof(Word));
    d.parent = zeroed(d.n, sizeof(Index)); d.island_of = zeroed(d.n, sizeof(Index)); d.order = zeroed(d.n, sizeof(Index));
    d.in_core = zeroed(d.n, 1); d.done = zeroed(d.n, 1);
    d.device_island = zeroed(devices, sizeof(Index)); d.sorted = zeroed(devices, sizeof(Index));
    return d;
}

static void free_draft(Draft *d) {
    free(d->terminal); free(d->graph); free(d->filled); free(d->parent); free(d->island_of); free(d->order);
    free(d->in_core); free(d->done); free(d->device_island); free(d->sorted); free(d->bucket);
}

/* A device ties its unknowns together, and those that its law couples are neighbours. */
static void connect(Draft *d, Index device) {
    const Law *l = &LAWS[d->law[device]];
    const int32_t *terminal = d->terminal[device];
    int32_t anchor = -1;
    for (Index t = 0; t < l->terminals; t++) {
        const int32_t i = terminal[t];
        if (i < 0) continue;
        if (!l->linear) d->in_core[i] = 1;
        if (anchor < 0) anchor = i;
        else d->parent[find_root(d->parent, (Index)i)] = find_root(d->parent, (Index)anchor);
    }
    for (Index e = 0; e < l->entries; e++) {
        const int32_t r = terminal[l->row[e]], c = terminal[l->column[e]];
        if (r < 0 || c < 0 || r == c) continue;
        set_bit(row_of(d->graph, d, (Index)r), (Index)c);
        set_bit(row_of(d->graph, d, (Index)c), (Index)r);
    }
}

static void connect_all(Structure *s, Draft *d, const int32_t *node) {
    for (Index i = 0; i < d->n; i++) d->parent[i] = i;
    for (Index device = 0; device < d->devices; device++) {
        const Law *l = &LAWS[d->law[device]];
        d->terminal[device] = node;
        node += l->terminals;
        s->parameters += l->parameters;
        s->states += l->states;
        connect(d, device);
    }
}

/* Islands in the order of their first unknown. */
static void number_islands(Structure *s, Draft *d) {
    Index *number = zeroed(d->n, sizeof(Index));
    for (Index i = 0; i < d->n; i++) number[i] = (Index)-1;
    for (Index i = 0; i < d->n; i++) {
        const Index root = find_root(d->parent, i);
        if (number[root] == (Index)-1) number[root] = s->islands++;
        d->island_of[i] = number[root];
    }
    free(number);
}

static void order_unknowns(Structure *s, Draft *d, const unsigned char *kind) {
    s->island = zeroed(s->islands, sizeof(Island));
    s->position = zeroed(d->n + 1, sizeof(Index));
    Index next = 0;
    for (Index k = 0; k < s->islands; k++) {
        s->island[k].first = next;
        eliminate(d->graph, d->words, d->n, d->island_of, k, d->in_core, 0, d->order, &next, d->done);
        s->island[k].core = next;
        eliminate(d->graph, d->words, d->n, d->island_of, k, d->in_core, 1, d->order, &next, d->done);
        s->island[k].end = next;
    }
    for (Index i = 0; i < d->n; i++) s->position[d->order[i]] = i;
    for (Index i = 0; i < d->n; i++) {
        if (kind[i] == DIRECT_CURRENT) s->island[d->island_of[i]].refines = 1;
    }
}

/* Row i of the filled matrix holds, left of its diagonal, every row whose elimination touched it. */
static void fill_pattern(const Structure *s, Draft *d) {
    for (Index i = 0; i < d->n; i++) {
        const Word *mine = row_of(d->graph, d, d->order[i]);
        set_bit(row_of(d->filled, d, i), i);
        for EACH(j, mine, d->words) {
            const Index p = s->position[j];
            set_bit(row_of(d->filled, d, i), p);
            set_bit(row_of(d->filled, d, p), i);
        }
    }
}

static void compress_rows(Structure *s, Draft *d) {
    const Index n = d->n;
    s->row = zeroed(n + 1, sizeof(Index));
    for (Index i = 0; i < n; i++) s->row[i + 1] = s->row[i] + count_bits(row_of(d->filled, d, i), d->words);
    s->entries = s->row[n];
    s->column = zeroed(s->entries, sizeof(Index));
    s->diagonal = zeroed(n + 1, sizeof(Index));
    s->core_start = zeroed(n + 1, sizeof(Index));
    for (Index i = 0; i < n; i++) {
        Index q = s->row[i];
        for EACH(j, row_of(d->filled, d, i), d->words) {
            if (j == i) s->diagonal[i] = q;
            s->column[q++] = j;
        }
        for (q = s->row[i]; q < s->diagonal[i] && s->column[q] < s->island[d->island_of[d->order[i]]].core;) q++;
        s->core_start[i] = q;
    }
}

/* The last rows of an island that all have each other: places there follow from their numbers. */
static void find_dense(Structure *s) {
    for (Index k = 0; k < s->islands; k++) {
        Island *island = &s->island[k];
        Index c = island->end, least = c - island->core < MOST_DENSE ? island->core : c - MOST_DENSE;
        while (c > least && s->row[c] - s->diagonal[c - 1] == island->end - c + 1) c--;
        island->dense = c;
    }
}

/* Where the elimination of each row goes. */
static void find_targets(Structure *s) {
    const Index n = s->unknowns;
    s->mirror = zeroed(s->entries, sizeof(Index));
    s->target_first = zeroed(n + 1, sizeof(Index));
    for (Index c = 0; c < n; c++) {
        const Index above = s->row[c + 1] - s->diagonal[c] - 1;
        s->target_first[c + 1] = s->target_first[c] + above * above;
    }
    s->operations = s->target_first[n];
    s->target = zeroed(s->operations, sizeof(Index));
    for (Index c = 0, t = 0; c < n; c++)
        for (Index q = s->diagonal[c] + 1; q < s->row[c + 1]; q++) {
            Index at = s->row[s->column[q]];
            while (s->column[at] != c) at++;
            s->mirror[q] = at;
            for (Index u = s->diagonal[c] + 1; u < s->row[c + 1]; u++) {
                while (s->column[at] != s->column[u]) at++;
                s->target[t++] = at;
            }
        }
}

static Index island_of_device(const Draft *d, Index device) {
    for (Index t = 0; t < LAWS[d->law[device]].terminals; t++)
        if (d->terminal[device][t] >= 0) return d->island_of[d->terminal[device][t]];
    return 0;
}

/* Devices by island, then law, then nodes: groups are consecutive in every table, and so are the devices of a group that
   sit on the same nodes (a kernel keeps what depends on these alone). */
static void sort_devices(Structure *s, Draft *d) {
    const size_t buckets = (size_t)s->islands * LAW_COUNT;
    Index *fill = zeroed(buckets + 1, sizeof(Index));
    d->bucket = zeroed(buckets + 1, sizeof(Index));
    for (Index device = 0; device < d->devices; device++) {
        d->device_island[device] = island_of_device(d, device);
        d->bucket[d->device_island[device] * LAW_COUNT + d->law[device] + 1]++;
    }
    for (size_t b = 0; b < buckets; b++) {
        if (d->bucket[b + 1]) s->groups++;
        d->bucket[b + 1] += d->bucket[b];
    }
    memcpy(fill, d->bucket, sizeof(Index) * buckets);
    for (Index device = 0; device < d->devices; device++) {
        const Index law = d->law[device], b = d->device_island[device] * LAW_COUNT + law;
        Index at = fill[b]++;
        for (; at > d->bucket[b] && precedes(d->terminal[device], d->terminal[d->sorted[at - 1]], LAWS[law].terminals); at--)
            d->sorted[at] = d->sorted[at - 1];
        d->sorted[at] = device;
    }
    free(fill);
}

/* The next free place of each table. */
typedef struct {
    Index group, node, entry, parameter, state;
} Places;

/* A device of island k gets its places in the tables. */
static void place_device(Structure *s, const Draft *d, Index device, Index k, Places *at) {
    const Law *l = &LAWS[d->law[device]];
    const int32_t *terminal = d->terminal[device];
    for (Index t = 0; t < l->terminals; t++) {
        const int32_t i = terminal[t];
        s->device_node[at->node++] = i < 0 ? d->n : s->position[i];
        if (i >= 0 && l->friction >> t & 1) s->friction[s->position[i]] = 1;
    }
    for (Index e = 0; e < l->entries; e++) {
        const int32_t r = terminal[l->row[e]], c = terminal[l->column[e]];
        Index slot = s->entries;
        if (r >= 0 && c >= 0) for (slot = s->row[s->position[r]]; s->column[slot] != s->position[c];) slot++;
        s->device_entry[at->entry++] = slot;
    }
    s->parameter_of[device] = at->parameter;
    s->state_of[device] = at->state;
    const int feeds = l->linear && l->sources && !l->states;
    for (Index p = 0; p < l->parameters; p++, at->parameter++) {
        const int conducts = l->linear && l->conducting >> p & 1;
        s->parameter_island[at->parameter] = (int32_t)k;
        s->parameter_linear[at->parameter] = (unsigned char)((conducts ? CONDUCTS : 0) | (feeds ? FEEDS : 0));
    }
    for (Index z = 0; z < l->states; z++) s->remembered[at->state++] = l->remembered >> z & 1;
}

static void place_devices(Structure *s, const Draft *d) {
    Index terminals = 0, entries = 0;
    for (Index device = 0; device < d->devices; device++) {
        terminals += LAWS[d->law[device]].terminals;
        entries += LAWS[d->law[device]].entries;
    }
    s->group = zeroed(s->groups, sizeof(Group));
    s->device_node = zeroed(terminals, sizeof(Index));
    s->device_entry = zeroed(entries, sizeof(Index));
    s->parameter_of = zeroed(d->devices, sizeof(Index));
    s->state_of = zeroed(d->devices, sizeof(Index));
    s->parameter_island = zeroed(s->parameters, sizeof(int32_t));
    s->parameter_linear = zeroed(s->parameters, 1);
    s->friction = zeroed(d->n + 1, 1);
    s->remembered = zeroed(s->states, 1);
    Places at = {0};
    for (Index k = 0; k < s->islands; k++) {
        Island *island = &s->island[k];
        island->group_first = at.group;
        island->state_first = at.state;
        for (Index law = 0; law < LAW_COUNT; law++) {
            const Index *b = &d->bucket[k * LAW_COUNT + law];
            if (b[0] == b[1]) continue;
            s->group[at.group++] = (Group){law, b[1] - b[0], at.node, at.entry, at.parameter, at.state};
            for (Index place = b[0]; place < b[1]; place++) place_device(s, d, d->sorted[place], k, &at);
        }
        island->group_end = at.group;
        island->state_end = at.state;
    }
}

/* unknowns: number of scalar unknowns; law[d]: law of device d; node: scalar unknown of each terminal of each device,
   one device after the other, or -1 for the ground; kind[i]: ORDINARY or DIRECT_CURRENT unknown. */
EXPORT Structure *structure_new(Index unknowns, Index devices, const Index *law, const int32_t *node,
                                const unsigned char *kind) {
    Structure *s = zeroed(1, sizeof *s);
    Draft d = draft(unknowns, devices, law);
    s->unknowns = unknowns;
    s->devices = devices;
    connect_all(s, &d, node);
    number_islands(s, &d);
    order_unknowns(s, &d, kind);
    fill_pattern(s, &d);
    compress_rows(s, &d);
    find_dense(s);
    find_targets(s);
    sort_devices(s, &d);
    place_devices(s, &d);
    find_carried(s);
    find_wired(s);
    find_needed(s);
    free_draft(&d);
    return s;
}

/* sizes: unknowns, devices, islands, core unknowns, matrix entries, row operations, states, parameters, bytes */
EXPORT void structure_sizes(const Structure *s, int64_t sizes[9]) {
    int64_t core = 0;
    for (Index k = 0; k < s->islands; k++) core += s->island[k].end - s->island[k].core;
    sizes[0] = s->unknowns; sizes[1] = s->devices; sizes[2] = s->islands; sizes[3] = core; sizes[4] = s->entries;
    sizes[5] = s->operations; sizes[6] = s->states; sizes[7] = s->parameters;
    sizes[8] = (int64_t)(sizeof(Index) * (s->unknowns * 7u + s->entries * 2u + s->operations + s->devices * 2u
                                           + s->wired_first[s->unknowns] + s->needed_first[s->islands])
                         + sizeof(Carried) * s->carried_first[s->islands]);
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
