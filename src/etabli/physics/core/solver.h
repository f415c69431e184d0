/* What the generated kernels (laws.c), the structure (structure.c) and the solver (solver.c) share.
   See docs/dev/engine.md. */
#ifndef ETABLI_SOLVER_H
#define ETABLI_SOLVER_H
#include "lanes.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

typedef uint32_t Index;

/* Devices of one law inside one island, consecutive in every table. */
typedef struct {
    Index law, count, node, jacobian, parameter, state;
} Group;

/* Where a kernel finds and leaves its numbers. x has one more entry than there are unknowns: the ground, always 0.
   flow and jacobian have one more entry too, where whatever goes to the ground is thrown away. */
typedef struct {
    const Index *node, *entry;
    const Real *x, *parameter, *predicted;
    Real *flow, *jacobian, *state;
    Real ah;
    Mask who; /* the lanes whose states are written */
} Stage;

typedef void (*Kernel)(const Group *, const Stage *);

/* A continuous law. A linear law has `constant` (flows at x = 0) and `conductance` (its Jacobian, free of x and state);
   any other has `newton` (flows and Jacobian at x). `update` gives the new states of both. */
typedef struct {
    const char *signature;
    Index terminals, parameters, states, entries, friction; /* friction: bit i set for terminal i */
    Index remembered; /* bit i: the law looks back at its state i (others are only shown) */
    Index sources;    /* linear law, bit i: it has a flow at terminal i even where all is 0 */
    Index conducting; /* linear law, bit i: its Jacobian depends on parameter i */
    int linear;
    const unsigned char *row, *column;
    Kernel newton, constant, conductance, update;
} Law;

extern const Law LAWS[];
extern const Index LAW_COUNT;

/* Sampled devices of one law. target_range has one more entry than there are writes. */
typedef struct {
    Index law, count, read, parameter, memory, write;
} SampledGroup;

/* What a sampled kernel sees of a run. `value` holds unknowns, states, parameters and memories, one after the other;
   `acting` are the lanes that run, the others keep what they have. */
typedef struct {
    struct Simulation *run;
    const Real *value, *parameter;
    Real *memory;
    const Index *read, *target, *target_first;
    Mask acting;
    double same; /* what changes by less than this share is not written */
} Sampling;

typedef void (*SampledKernel)(const Sampling *, const SampledGroup *, double step_s);

typedef struct {
    const char *signature;
    Index reads, parameters, memory, writes;
    int clocked; /* it divides by the time since its last run (a mean, a slope until the next one): never between ticks */
    SampledKernel run;
} SampledLaw;

extern const SampledLaw SAMPLED_LAWS[];
extern const Index SAMPLED_LAW_COUNT;

/* What it may do to one: write, and tell of a memory that is on or off that it changed where time counts for its law. */
typedef struct Simulation Simulation;
void simulation_emit(Simulation *, Index write, Real value);
void simulation_flipped(Simulation *, Mask lanes);

/* A write of a sampled law: most say what is there already. */
static inline void sampled_emit(const Sampling *c, Index write, Real value) {
    const Real least = c->same * ABS(value);
    for (const Index *t = c->target + c->target_first[write]; t < c->target + c->target_first[write + 1]; t++)
        if (ANY(c->acting & LESS(least, ABS(value - c->parameter[*t])))) {
            simulation_emit(c->run, write, value);
            return;
        }
}

/* Of a parameter of a linear law: the condensed matrix depends on it; a flow where all is 0 that no state is in. */
enum { CONDUCTS = 1, FEEDS = 2 };

#define MOST_DENSE 32

/* What every run of one network shares, and the lanes too (structure.c). */
typedef struct {
    Index first, core, end;          /* rows first..end; rows core..end are those that Newton works on */
    Index dense;                     /* the last rows, MOST_DENSE at most, which all have each other */
    Index group_first, group_end;    /* its groups of devices */
    Index state_first, state_end;    /* its states */
    int refines;                     /* DC island: may bend less in a part, has fewer of them; its matrices repeat */
} Island;

/* A place of the condensed rows that carries a flow of a linear law farther. */
typedef struct {
    Index row, entry, column;
} Carried;

typedef struct {
    Index unknowns, devices, islands, groups, entries, operations, states, parameters;
    Island *island;
    Group *group;
    Index *row, *column, *diagonal; /* compressed rows of the filled matrix, in elimination order */
    Index *core_start;              /* first entry of a row whose column is in the core (or its diagonal) */
    Index *mirror;                  /* place right of the diagonal -> place of the same column and row the other way round */
    Index *target, *target_first;   /* row -> where its elimination goes: for each row below, the places of its columns */
    Carried *carried;               /* of an island: steady flows, then those of laws with states, each in the order of rows */
    Index *carried_first;           /* island -> its first place in `carried` */
    Index *carried_moving;          /* island -> the first one that is made again at every stage */
    Index *wired, *wired_first;     /* row of the core -> places (in its columns of the core) that linear laws reach */
    Index *needed, *needed_first;   /* island -> condensed rows, last first, that states depend on which a law looks back at */
    Index *device_node, *device_entry;
    Index *position;                /* unknown -> row */
    Index *parameter_of, *state_of; /* device -> its first parameter, first state */
    int32_t *parameter_island;      /* parameter -> island */
    unsigned char *parameter_linear; /* parameter -> what depends on it: CONDUCTS, FEEDS */
    unsigned char *friction;        /* row -> velocity with dry friction */
    unsigned char *remembered;      /* state -> its law looks back at it (others are only shown) */
} Structure;

static inline void *zeroed(size_t count, size_t size) {
    return calloc(count ? count : 1, size);
}

#endif
