/* Where the time of a step goes: a build with -DPROFILE counts the ticks of each phase and how often each island went
   through it (benchmarks/engine_profile.py makes it); in any other build nothing of this exists. */
#ifndef ETABLI_PROFILE_H
#define ETABLI_PROFILE_H

#ifndef PROFILE

#define STARTED() ((void)0)
#define SPENT(phase, island) ((void)0)

#else

#include <string.h>
#include <time.h>

enum { CONDENSE, LOAD, LINEAR, KERNELS, ELIMINATE, SUBSTITUTE, EXPAND, STATES, STEP, SAMPLED, PHASES };
#define MOST_ISLANDS 512

static uint64_t profile_stamp, profile_ticks[MOST_ISLANDS][PHASES], profile_count[MOST_ISLANDS][PHASES];

static inline uint64_t ticks(void) {
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
    uint64_t now = ticks();
    if (island < MOST_ISLANDS) {
        profile_ticks[island][phase] += now - profile_stamp;
        profile_count[island][phase]++;
    }
    profile_stamp = now;
}

EXPORT void profile_take(uint64_t *spent_ticks, uint64_t *count) {
    memcpy(spent_ticks, profile_ticks, sizeof profile_ticks);
    memcpy(count, profile_count, sizeof profile_count);
    memset(profile_ticks, 0, sizeof profile_ticks);
    memset(profile_count, 0, sizeof profile_count);
}

#define STARTED() (profile_stamp = ticks())
#define SPENT(phase, island) spent(phase, (size_t)(island))

#endif
#endif
