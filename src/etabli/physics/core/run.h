/* A run: all that the solver knows of one network on its way (or of several side by side). Part of solver.c. */

#define GAMMA 0.29289321881345254 /* 1 - 1/sqrt(2): Alexander's SDIRK2, L-stable */
#define GMIN 1e-9                 /* conductance from every node to the ground */
#define MAX_HALVINGS 7
#define PART 6e-4                 /* s: no part is shorter than that, nor a step of twice as much cut */
#define LEAST_PEAK 1e-2           /* of a state, in its own unit: what never grew beyond is not worth its last digits */

struct Simulation {
    const Structure *s;
    Real *value;                /* unknowns + ground, states, parameters, memories; owned by the caller */
    Real *x, *state, *parameter, *memory;
    const double *tolerance, *limit, *floor; /* per row: 1 / Newton tolerance, largest step, least value */
    double h;
    double longest;             /* steps that a quiet island may take as one */
    int64_t steps, iterations, halvings;
    Real unresolved;
    Real effort;                /* Newton iterations of each lane, the older the less (watch.h) */
    Index troubled;             /* row that Newton could not settle, in the last step that needed halving */
    /* Lent for a call (take_scratch): nothing in it is needed from one step to the next, but it may save work. */
    struct Scratch *scratch;
    uint64_t number;            /* of this run, among all: whose numbers are in a scratch block */
    Index shelf;                /* where its block was put last */
    Real *linear, *inverse;     /* condensed matrix of the linear laws, and 1 / its diagonal */
    Real *steady;               /* flows of linear laws without states where all is 0, condensed rows eliminated */
    Real *flow, *constant, *jacobian, *predicted, *kept_state, *kept_x;
    Real *matrix, *factored;    /* the core as the laws give it: now, and when it was last eliminated into jacobian */
    Real *room;                 /* for a moment to come back to (locate.h) */
    Real *reach, *last;         /* per row: largest change allowed now, change of the iteration before */
    Real *weight;               /* per island: ah of its condensed matrix, negative when it must be made again */
    Real *lag;                  /* per island: steps that it is behind */
    Real *span;                 /* per island: lag at which it is solved again; 1 when awake, less when it takes parts
                                   as short as that, below 0 when it has to take backward Euler */
    Real *contraction;          /* per island: first change that Newton has left, over the square of the one before */
    Real pace;                  /* of the island that is being solved: how long a part may be, in steps */
    Mask calm;                  /* and whether its last part hardly bent, or was taken by backward Euler */
    Narrow *slope, *state_slope; /* per unknown and per state: its last change, for each step; 0 after a jump */
    Narrow *peak;               /* per state: largest value so far, the scale of its changes */
    Mask *disturbed;            /* per island: a parameter jumped since its last step */
    Mask *eased;                /* per DC island: one changed by a little since its last step */
    Mask *refed;                /* per island: `steady` must be made again */
    Mask whole;                 /* lanes whose step was taken in one, by SDIRK2 */
    Real *between;              /* per row and per state: the first stage of the step after that (scratch) */
    Index sampled_groups;
    const SampledGroup *sampled;
    int in_haste;               /* Newton gives up early: a shorter step follows, in an island without switches */
    struct Precise *precise;    /* steps by estimated error (precise.h), NULL without */
    int one_stage;              /* backward Euler alone */
    Index event_halvings;       /* instants of events within a step (locate.h), 0 without */
    Index clock, since;         /* steps between two runs of laws with a clock of their own, steps since the last one */
    double part;                /* of a step, that is being taken: 1 but where the instant of an event is looked for */
    Mask acting;                /* lanes whose sampled laws run */
    Mask event;                 /* lanes with an event since this was last cleared */
    Mask told;                  /* lanes whose sampled devices were told something new since the last step */
    struct Moment *moment;      /* what a part of a step is taken back to (scratch), NULL while none may be */
    struct Ends *ends;        /* the step as it was taken at once, while it is done again in parts (scratch), or NULL */
    const struct Watch *watch;  /* what is looked at after each tick of several runs (watch.h), NULL without */
    const Index *read, *target, *target_first;
    Index targets, memories;    /* of all sampled devices */
};
