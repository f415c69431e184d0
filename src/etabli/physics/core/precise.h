/* Steps whose length follows an estimate of the error: what Simulator(accuracy=...) runs instead of SDIRK2. Part of
   solver.c, for single runs. Each island goes from one sampled instant to the next in steps of its own.

   Method: ESDIRK4(3)6L[2]SA of Kennedy and Carpenter (Applied Numerical Mathematics 44, 2003): order 4, embedded order 3,
   L-stable, the first stage explicit (it is the last one of the step before), the five others on one diagonal. */

#define STAGES 6
#define LEAST_SCALE 1e-3    /* a state that never was larger than this has its error taken against this */
#define FIRST_STEP 2e-4     /* s, after a jump */
#define SAFETY 0.85         /* of the length that the estimate of the error allows */
#define CORNER 0.5
#define GROWTH 5.0          /* largest change of the length from one step to the next */
#define LEAST_STEP 2e-7     /* s; where even this fails, the usual step takes over with its halvings */
#define SOUNDING 1e-4       /* share of a step over which the rates after a jump are sounded */

static const double PLACE[STAGES] = {0.0, 0.5, 83.0 / 250.0, 31.0 / 50.0, 17.0 / 20.0, 1.0};
static const double DIAGONAL = 0.25;
static const double EARLIER[STAGES][STAGES - 1] = {
    {0.0},
    {0.25},
    {8611.0 / 62500.0, -1743.0 / 31250.0},
    {5012029.0 / 34652500.0, -654441.0 / 2922500.0, 174375.0 / 388108.0},
    {15267082809.0 / 155376265600.0, -71443401.0 / 120774400.0, 730878875.0 / 902184768.0, 2285395.0 / 8070912.0},
    {82889.0 / 524892.0, 0.0, 15625.0 / 83664.0, 69875.0 / 102672.0, -2260.0 / 8211.0},
};
/* Difference of the two results, in rates. */
static const double DOUBT[STAGES] = {
    82889.0 / 524892.0 - 4586570599.0 / 29645900160.0, 0.0, 15625.0 / 83664.0 - 178811875.0 / 945068544.0,
    69875.0 / 102672.0 - 814220225.0 / 1159782912.0, -2260.0 / 8211.0 + 3700637.0 / 11593932.0,
    0.25 - 61727.0 / 225920.0,
};

struct Precise {
    double accuracy;
    double *rate;                 /* STAGES x states: rates of the stages; the first is that of the present */
    double *point;                /* STAGES x unknowns: what Newton found in each stage of this step */
    double *past;                 /* 2 x unknowns: two stages of the step before, for the first guess of the next */
    double *start;                /* states at the start of the step */
    double *pace, *taken;         /* per island: length that the next step may have, that of the last one */
    unsigned char *fresh;         /* per island: no rate is known (a parameter changed), nothing to look back at */
};

static void free_precise(struct Precise *p) {
    if (!p) return;
    free(p->rate); free(p->point); free(p->past); free(p->start); free(p->pace); free(p->taken); free(p->fresh);
    free(p);
}

static void forget_past(struct Precise *p, const Structure *s) {
    for (Index k = 0; k < s->islands; k++) { p->fresh[k] = 1; p->pace[k] = FIRST_STEP; p->taken[k] = 0.0; }
}

static struct Precise *new_precise(const Structure *s, double accuracy) {
    struct Precise *p = zeroed(1, sizeof *p);
    const size_t n = s->unknowns + 1, z = s->states, islands = s->islands;
    p->accuracy = accuracy;
    p->rate = zeroed(STAGES * z, sizeof(double));
    p->point = zeroed(STAGES * n, sizeof(double));
    p->past = zeroed(2 * n, sizeof(double));
    p->start = zeroed(z, sizeof(double));
    p->pace = zeroed(islands, sizeof(double));
    p->taken = zeroed(islands, sizeof(double));
    p->fresh = zeroed(islands, 1);
    forget_past(p, s);
    return p;
}

/* x of the core at PLACE[stage], by the polynomial through `count` known values `known` at `at`. */
static void guess(Simulation *m, const Island *island, int count, const double *at, const double *const *known, double t) {
    double weight[4];
    for (int a = 0; a < count; a++) {
        weight[a] = 1.0;
        for (int b = 0; b < count; b++)
            if (b != a) weight[a] *= (t - at[b]) / (at[a] - at[b]);
    }
    for (Index i = island->core; i < island->end; i++) {
        double y = 0.0;
        for (int a = 0; a < count; a++) y += weight[a] * known[a][i];
        m->x[i] = y < m->floor[i] ? m->floor[i] : y;
    }
}

static void guess_stage(Simulation *m, Index k, double h, int stage) {
    struct Precise *p = m->precise;
    const Island *island = &m->s->island[k];
    const size_t n = m->s->unknowns + 1;
    const double *x = p->point;
    const int looks_back = p->taken[k] > 0.0;
    const double back = -p->taken[k] / h;
    if (stage == 1) {
        if (!looks_back) return; /* x is still that of the start */
        guess(m, island, 3, (double[]){back * (1.0 - PLACE[2]), back * (1.0 - PLACE[3]), 0.0},
              (const double *[]){p->past, p->past + n, x}, PLACE[1]);
    } else if (stage == 2 && looks_back) {
        guess(m, island, 3, (double[]){back * (1.0 - PLACE[3]), 0.0, PLACE[1]},
              (const double *[]){p->past + n, x, x + n}, PLACE[2]);
    } else if (stage == 2) {
        guess(m, island, 2, (double[]){0.0, PLACE[1]}, (const double *[]){x, x + n}, PLACE[2]);
    } else if (stage == 3) {
        guess(m, island, 3, (double[]){0.0, PLACE[1], PLACE[2]}, (const double *[]){x, x + n, x + 2 * n}, PLACE[3]);
    } else if (stage == 4) {
        guess(m, island, 4, (double[]){0.0, PLACE[1], PLACE[2], PLACE[3]},
              (const double *[]){x, x + n, x + 2 * n, x + 3 * n}, PLACE[4]);
    } else {
        guess(m, island, 4, (double[]){PLACE[1], PLACE[2], PLACE[3], PLACE[4]},
              (const double *[]){x + n, x + 2 * n, x + 3 * n, x + 4 * n}, PLACE[5]);
    }
}

/* Rates just after a jump: a very short step by backward Euler, of which nothing else is kept. */
static int sound(Simulation *m, Index k, double h) {
    struct Precise *p = m->precise;
    const Island *island = &m->s->island[k];
    const double ah = SOUNDING * h;
    if (!euler(m, k, ah, 1, EVERY)) return 0;
    for (Index z = island->state_first; z < island->state_end; z++) {
        p->rate[z] = (m->state[z] - p->start[z]) / ah;
        m->state[z] = p->start[z];
    }
    p->taken[k] = 0.0;
    return 1;
}

/* The five implicit stages. Returns 0 when Newton fails, which it may do early: at a corner of a law a shorter step helps.
   In a circuit of switches it would not, nor just after a jump. */
static int take_stages(Simulation *m, Index k, double h) {
    struct Precise *p = m->precise;
    const Island *island = &m->s->island[k];
    const size_t n = m->s->unknowns + 1, states = m->s->states;
    const double ah = DIAGONAL * h;
    memcpy(p->point + island->core, m->x + island->core, sizeof(double) * (island->end - island->core));
    for (int stage = 1; stage < STAGES; stage++) {
        for (Index z = island->state_first; z < island->state_end; z++) {
            double sum = 0.0;
            for (int j = 0; j < stage; j++) sum += EARLIER[stage][j] * p->rate[(size_t)j * states + z];
            m->predicted[z] = p->start[z] + h * sum;
        }
        guess_stage(m, k, h, stage);
        m->in_haste = !p->fresh[k] && !island->refines;
        const int found = (int)solve(m, k, ah, stage == STAGES - 1, EVERY);
        m->in_haste = 0;
        if (!found) return 0;
        memcpy(p->point + (size_t)stage * n + island->core, m->x + island->core, sizeof(double) * (island->end - island->core));
        double *rate = p->rate + (size_t)stage * states;
        for (Index z = island->state_first; z < island->state_end; z++) rate[z] = (m->state[z] - m->predicted[z]) / ah;
    }
    return 1;
}

/* Largest error of the step just taken, over what is allowed. */
static double doubt(const Simulation *m, Index k, double h) {
    const struct Precise *p = m->precise;
    const Island *island = &m->s->island[k];
    const size_t states = m->s->states;
    double worst = 0.0;
    for (Index z = island->state_first; z < island->state_end; z++) {
        if (!m->s->remembered[z]) continue;
        double error = 0.0, scale = MAXIMUM(WIDE(m->peak[z]), LEAST_SCALE);
        for (int j = 0; j < STAGES; j++) error += DOUBT[j] * p->rate[(size_t)j * states + z];
        scale = MAXIMUM(scale, fabs(m->state[z]));
        error = fabs(h * error) / (p->accuracy * scale);
        if (!(error <= worst)) worst = error;
    }
    return worst;
}

static void keep_step(Simulation *m, Index k, double h) {
    struct Precise *p = m->precise;
    const Island *island = &m->s->island[k];
    const size_t n = m->s->unknowns + 1, states = m->s->states, core = island->core, rows = island->end - island->core;
    memcpy(p->past + core, p->point + 2 * n + core, sizeof(double) * rows);
    memcpy(p->past + n + core, p->point + 3 * n + core, sizeof(double) * rows);
    for (Index z = island->state_first; z < island->state_end; z++) {
        p->rate[z] = p->rate[(STAGES - 1) * states + z];
        m->peak[z] = NARROW(MAXIMUM(WIDE(m->peak[z]), fabs(m->state[z])));
    }
    p->taken[k] = h;
    p->fresh[k] = 0;
}

/* Bring one island forward by `length` seconds in as many steps as its accuracy asks for. */
static void precise_steps(Simulation *m, Index k, double length) {
    struct Precise *p = m->precise;
    const Island *island = &m->s->island[k];
    const size_t states = sizeof(double) * (island->state_end - island->state_first);
    double done = 0.0;
    int refused = 0;
    if (m->disturbed[k]) p->fresh[k] = 1;
    if (p->fresh[k]) p->pace[k] = MINIMUM(p->pace[k], FIRST_STEP);
    memcpy(m->kept_x + island->first, m->x + island->first, sizeof(double) * (island->end - island->first));
    memcpy(m->kept_state + island->state_first, m->state + island->state_first, states);
    while (done < length) {
        const double left = length - done;
        const double h = p->pace[k] >= left ? left : left / (double)(int64_t)(left / p->pace[k] + 1.0);
        memcpy(p->start + island->state_first, m->state + island->state_first, states);
        memcpy(p->point + island->core, m->x + island->core, sizeof(double) * (island->end - island->core));
        const int found = (!p->fresh[k] || sound(m, k, h)) && take_stages(m, k, h);
        const double error = found ? doubt(m, k, h) : 1e9;
        if (error <= 1.0) {
            keep_step(m, k, h);
            done = h == left ? length : done + h;
            double factor = error > 1e-4 ? SAFETY / sqrt(sqrt(error)) : GROWTH;
            if (factor > 1.0 && h < p->pace[k]) factor = MAXIMUM(factor * (h / p->pace[k]), 1.0);
            p->pace[k] *= MAXIMUM(MINIMUM(factor, refused ? 1.0 : GROWTH), 1.0 / GROWTH);
            refused = 0; /* behind the corner that was too much for longer steps: the next one may grow again */
            continue;
        }
        memcpy(m->state + island->state_first, p->start + island->state_first, states);
        memcpy(m->x + island->core, p->point + island->core, sizeof(double) * (island->end - island->core));
        if (h <= LEAST_STEP) {
            step(m, k, h / m->h, 1, NONE, EVERY);
            p->fresh[k] = 1;
            done += h;
            continue;
        }
        m->halvings++;
        refused++; /* twice: a corner, where the error goes down slower than the estimate says */
        const double shorter = MAXIMUM((refused > 1 ? CORNER : SAFETY) / sqrt(sqrt(error)), 0.1);
        p->pace[k] = MAXIMUM(h * (found ? shorter : 0.25), LEAST_STEP);
    }
}
