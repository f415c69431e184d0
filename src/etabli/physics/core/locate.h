/* Instants of events within a step: Simulator(event_halvings=...). Part of solver.c, for single runs.

   Sampled laws run at the end of a step, so a contact answers to a coil up to one step late, and a chain of relays adds
   that up. With this, a step at whose end a sampled law made a parameter jump is taken back and done again in two halves,
   each of them likewise: what follows an event follows it within the last part. Steps without event cost what they did. */

struct Locate {
    int halvings;
    size_t values, islands, lines; /* one saved moment: values; lag, span, disturbed of each island; peaks; slopes */
    double *saved;           /* one moment for each level */
};

static void free_locate(struct Locate *l) {
    if (!l) return;
    free(l->saved); free(l);
}

static size_t moment_size(const Simulation *m, const struct Locate *l) {
    return l->values + 3 * l->islands + m->s->states + l->lines;
}

static struct Locate *new_locate(const Simulation *m, Index halvings) {
    struct Locate *l = zeroed(1, sizeof *l);
    Index memories = 0;
    for (Index g = 0; g < m->sampled_groups; g++) {
        const SampledGroup *group = &m->sampled[g];
        const Index end = group->memory + group->count * SAMPLED_LAWS[group->law].memory;
        if (end > memories) memories = end;
    }
    l->halvings = (int)halvings;
    l->values = (size_t)(m->memory - m->value) + memories;
    l->islands = m->s->islands;
    l->lines = m->s->unknowns + 1 + m->s->states;
    l->saved = zeroed(halvings * moment_size(m, l), sizeof(double));
    return l;
}

static double *moment(const Simulation *m, int level) {
    const struct Locate *l = m->locate;
    return l->saved + (size_t)(level - 1) * moment_size(m, l);
}

static void save_moment(const Simulation *m, int level) {
    const struct Locate *l = m->locate;
    double *to = moment(m, level);
    memcpy(to, m->value, sizeof(double) * l->values);
    to += l->values;
    for (size_t k = 0; k < l->islands; k++) {
        *to++ = m->lag[k];
        *to++ = m->span[k];
        *to++ = m->disturbed[k];
    }
    memcpy(to, m->peak, sizeof(Narrow) * m->s->states);
    memcpy(to + m->s->states, m->slope, sizeof(Narrow) * l->lines);
}

/* Linear parameters that jumped have made their islands condense again: that is all there is to do about them. */
static void take_back(Simulation *m, int level) {
    const struct Locate *l = m->locate;
    const double *from = moment(m, level);
    memcpy(m->value, from, sizeof(double) * l->values);
    from += l->values;
    for (size_t k = 0; k < l->islands; k++) {
        m->lag[k] = *from++;
        m->span[k] = *from++;
        m->disturbed[k] = *from++ != 0.0;
        if (m->precise) m->precise->fresh[k] = 1;
    }
    memcpy(m->peak, from, sizeof(Narrow) * m->s->states);
    memcpy(m->slope, from + m->s->states, sizeof(Narrow) * l->lines);
}

static void advance_located(Simulation *m, double part, int halvings) {
    if (!halvings) { advance_part(m, part); return; }
    save_moment(m, halvings);
    m->jumped = 0;
    advance_part(m, part);
    if (!m->jumped) return;
    take_back(m, halvings);
    advance_located(m, 0.5 * part, halvings - 1);
    advance_located(m, 0.5 * part, halvings - 1);
}
