/* Where the time of a step goes: a build with -DPROFILE counts the ticks of each phase, and how often each island went
   through it (benchmarks/engine_profile.py makes one). In any other build nothing of this exists. */
#ifndef ETABLI_PROFILE_H
#define ETABLI_PROFILE_H

#ifndef PROFILE

#define STARTED() ((void)0)
#define SPENT(phase, island) ((void)0)

#else

#include <string.h>
#include <time.h>

enum { CONDENSE, LOAD, LINEAR, KERNELS, ELIMINATE, REUSE, SUBSTITUTE, EXPAND, STATES, STEP, SAMPLED, PHASES };
#define MOST_ISLANDS 512
#define TOO_LONG 100000 /* ticks: no phase takes that long, another process had the core */

static uint64_t profile_stamp, profile_ticks[MOST_ISLANDS][PHASES], profile_count[MOST_ISLANDS][PHASES];

EXPORT uint64_t profile_now(void) {
#if defined(__x86_64__)
    return __builtin_ia32_rdtsc();
#else
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
#endif
}

/* The time since the last mark belongs to `phase`. */
static inline void spent(int phase, size_t island) {
    const uint64_t now = profile_now(), taken = now - profile_stamp;
    profile_stamp = now;
    if (island >= MOST_ISLANDS || taken > TOO_LONG) return;
    profile_ticks[island][phase] += taken;
    profile_count[island][phase]++;
}

/* Ticks and passes of each phase of each island since the last call. */
EXPORT void profile_take(uint64_t *spent_ticks, uint64_t *count) {
    memcpy(spent_ticks, profile_ticks, sizeof profile_ticks);
    memcpy(count, profile_count, sizeof profile_count);
    memset(profile_ticks, 0, sizeof profile_ticks);
    memset(profile_count, 0, sizeof profile_count);
}

/* Operations that the solver itself does in one pass (those of the laws are not in it), how many of them are divisions,
   and numbers it reads or writes. */
EXPORT void profile_work(const Structure *s, uint64_t *operations, uint64_t *divisions, uint64_t *numbers) {
    for (Index k = 0; k < s->islands && k < MOST_ISLANDS; k++) {
        const Island *island = &s->island[k];
        uint64_t *work = operations + k * PHASES, *moved = numbers + k * PHASES, *quotients = divisions + k * PHASES;
        quotients[CONDENSE] += island->core - island->first;
        quotients[ELIMINATE] += island->end - island->core;
        quotients[SUBSTITUTE] += island->end - island->core;
        for (Index i = island->first; i < island->end; i++) {
            const uint64_t left = s->core_start[i] - s->row[i], right = s->row[i + 1] - s->diagonal[i] - 1;
            if (i < island->core) {
                work[CONDENSE] += 1 + right + 2 * right * right;
                moved[CONDENSE] += 3 * right + 2 * right * right;
                work[EXPAND] += 2 * right + 1;
                moved[EXPAND] += 2 * right + 3;
                continue;
            }
            const uint64_t core = s->row[i + 1] - s->core_start[i], lower = s->diagonal[i] - s->core_start[i];
            work[LINEAR] += 2 * core;
            moved[LINEAR] += 3 * core + 2;
            work[ELIMINATE] += 3 * right + 2 * right * right + 1;
            moved[ELIMINATE] += 4 * right + (i < island->dense ? 2 : 1) * right * right + 2; /* dense: two at a time */
            work[REUSE] += 3 * lower;
            moved[REUSE] += 2 * core + 3 * lower;
            work[SUBSTITUTE] += 2 * right + 12;
            moved[SUBSTITUTE] += 2 * right + 10;
        }
        work[LOAD] += 2 * (s->carried_first[k + 1] - s->carried_first[k]);
        moved[LOAD] += 4 * (s->carried_first[k + 1] - s->carried_first[k]) + island->end - island->first;
    }
}

#define STARTED() (profile_stamp = profile_now())
#define SPENT(phase, island) spent(phase, (size_t)(island))

#endif
#endif
