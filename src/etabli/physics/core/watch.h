/* What the benches of several runs side by side look at after every tick: the inputs of a PLC, the numbers that the matter
   follows. Gathered here, a call and two copies of it for all lanes. Part of solver.c. */

struct Watch {
    Index switches, numbers;
    const Index *switch_row, *number_row;
    unsigned char *on;          /* lanes x switches: whether each is above one half */
    double *number;             /* lanes x numbers */
};

/* `watch` belongs to the caller and outlives the run. */
EXPORT void simulation_watch(Simulation *m, const struct Watch *watch) { m->watch = watch; }

/* The present, of every lane. Returns whether a switch is not as it was looked at last. */
EXPORT int simulation_look(const Simulation *m) {
    const struct Watch *w = m->watch;
    int64_t found = 0;
    for (Index i = 0; i < w->switches; i++) {
        const Mask on = LESS(ALL(0.5), m->value[w->switch_row[i]]);
        for (Index l = 0; l < LANES; l++) {
            unsigned char *place = w->on + l * w->switches + i;
            const unsigned char now = (unsigned char)(on[l] & 1);
            found |= *place ^ now;
            *place = now;
        }
    }
    for (Index i = 0; i < w->numbers; i++)
        for (Index l = 0; l < LANES; l++) w->number[l * w->numbers + i] = m->value[w->number_row[i]][l];
    return found != 0;
}

#define FADING 0.9 /* a tick later an iteration counts that much less */

/* How hard each lane was to solve in the last ticks: those that are alike in that go well together. */
EXPORT void simulation_effort(const Simulation *m, double *effort) { memcpy(effort, &m->effort, sizeof m->effort); }
