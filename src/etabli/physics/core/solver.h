/* What the generated kernels (laws.c) and the solver (solver.c) share. See docs/dev/engine.md. */
#ifndef ETABLI_SOLVER_H
#define ETABLI_SOLVER_H
#include <stddef.h>
#include <stdint.h>

typedef uint32_t Index;

/* Devices of one law inside one island, consecutive in every table. */
typedef struct {
    Index law, count, node, jacobian, parameter, state;
} Group;

/* Where a kernel finds and leaves its numbers. x has one more entry than there are unknowns: the ground, always 0.
   flow and jacobian have one more entry too, where whatever goes to the ground is thrown away. */
typedef struct {
    const Index *node, *entry;
    const double *x, *parameter, *predicted;
    double *flow, *jacobian, *state;
    double ah;
} Stage;

typedef void (*Kernel)(const Group *, const Stage *);

/* A continuous law. A linear law has `constant` (flows at x = 0) and `conductance` (its Jacobian, free of x and state);
   any other has `newton` (flows and Jacobian at x). `update` gives the new states of both. */
typedef struct {
    const char *signature;
    Index terminals, parameters, states, entries, friction; /* friction: bit i set for terminal i */
    int linear;
    const unsigned char *row, *column;
    Kernel newton, constant, conductance, update;
} Law;

extern const Law LAWS[];
extern const Index LAW_COUNT;

struct Simulation;

/* Sampled devices of one law. target_range has one more entry than there are writes. */
typedef struct {
    Index law, count, read, parameter, memory, write;
} SampledGroup;

typedef void (*SampledKernel)(struct Simulation *, const SampledGroup *, double h);

typedef struct {
    const char *signature;
    Index reads, parameters, memory, writes;
    SampledKernel run;
} SampledLaw;

extern const SampledLaw SAMPLED_LAWS[];
extern const Index SAMPLED_LAW_COUNT;

/* Everything a sampled kernel may touch. `value` holds unknowns, states, parameters and memories, one after the other. */
typedef struct Simulation Simulation;
double *simulation_values(Simulation *);
const Index *simulation_reads(const Simulation *);
void simulation_emit(Simulation *, Index write, double value);
Index simulation_parameter_base(const Simulation *);
Index simulation_memory_base(const Simulation *);

#endif
