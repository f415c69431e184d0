/* Working memory, lent to a run for one call. Part of solver.c. */

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
