/* The solver: nodal equations of islands, linear part condensed once, Newton on the core, SDIRK2 / backward Euler,
   islands that sleep while nothing changes. Written by hand; it does not know which law it solves. The method is
   explained in docs/dev/engine.md. Compiled once for one run and once for several side by side (lanes.h): `who` names the
   lanes that a function is about. */
#include "solver.h"

#include <stdlib.h>
#include <string.h>

#include "profile.h"
#include "run.h"
#include "memory.h"
#include "elimination.h"
#include "newton.h"
#include "parts.h"
#if LANES == 1
#include "precise.h"
#else
#include "watch.h"
#endif
#include "sleep.h"
#include "locate.h"

#define DRIFT 0.01                /* a parameter that changes by less than this share of itself does not jump */
#define EASY 0.1                  /* share by which one of a DC circuit changes without the circuit being taken to jump */
#define EARLY 1e-4                /* s: share of its change, times how much too early it is taken to have come */
#define EVENT 0.9                 /* one that changes by more than this share of the larger value is switched: an event */
#define INSTANT 1e-9              /* s, for what is done at once: laws may divide by the time that went by */
#define SLIGHT 3e-5               /* what a sampled law changes by less than this share wakes no island */
#define SAME 1e-6                 /* what it changes by less than this share is not written */
#define ROUNDING 1e-10            /* the same when steps follow an estimated error */

/* ------------------------------------------------------------------ life of a run */

EXPORT void simulation_free(Simulation *m) {
    if (!m) return;
#if LANES == 1
    free_precise(m->precise);
#endif
    free(m->weight); free(m->slope); free(m->disturbed); free(m);
}

EXPORT Index lanes(void) { return LANES; }

/* After the values were replaced as a whole: nothing cached is trusted, every island is awake and up to date. */
EXPORT void simulation_reset(Simulation *m) {
    for (Index k = 0; k < m->s->islands; k++) {
        m->weight[k] = ALL(-1.0);
        m->lag[k] = ALL(0.0);
        m->span[k] = ALL(1.0);
        m->disturbed[k] = EVERY;
        m->eased[k] = NONE;
        m->contraction[k] = ALL(UNKNOWN);
    }
    for (Index i = 0; i < m->s->unknowns + 1 + m->s->states; i++) m->slope[i] = NARROW(ALL(0.0));
}

/* The arrays behind the pointers belong to the caller and outlive the run: all runs of a network share them. */
EXPORT Simulation *simulation_new(const Structure *s, Real *value, Index parameters, const double *tolerance,
                                  const double *limit, const double *least, double h, double longest,
                                  Index sampled_groups, const SampledGroup *sampled, const Index *read,
                                  const Index *target_first, const Index *target) {
    static uint64_t runs;
    Simulation *m = zeroed(1, sizeof *m);
    Index n = s->unknowns + 1;
    m->s = s;
    m->value = value;
    m->x = value;
    m->state = m->x + n;
    m->parameter = m->state + s->states;
    m->memory = m->parameter + parameters;
    m->tolerance = tolerance; m->limit = limit; m->floor = least;
    m->h = h;
    m->longest = longest;
    m->number = __atomic_add_fetch(&runs, 1, __ATOMIC_RELAXED);
    m->weight = zeroed((size_t)s->islands * 4, sizeof(Real));
    m->lag = m->weight + s->islands;
    m->span = m->lag + s->islands;
    m->contraction = m->span + s->islands;
    m->slope = zeroed((size_t)n + 2 * s->states, sizeof(Narrow));
    m->state_slope = m->slope + n;
    m->peak = m->state_slope + s->states;
    m->disturbed = zeroed((size_t)s->islands * 3, sizeof(Mask));
    m->eased = m->disturbed + s->islands;
    m->refed = m->eased + s->islands;
    simulation_reset(m);
    for (Index k = 0; k < s->islands; k++) m->disturbed[k] = NONE;
    m->sampled_groups = sampled_groups;
    m->sampled = sampled;
    m->read = read;
    m->target_first = target_first;
    m->target = target;
    for (Index g = 0; g < sampled_groups; g++) {
        const SampledLaw *law = &SAMPLED_LAWS[sampled[g].law];
        m->memories = sampled[g].memory + sampled[g].count * law->memory;
        m->targets = target_first[sampled[g].write + sampled[g].count * law->writes];
    }
    m->clock = 1;
    m->part = 1.0;
    m->acting = EVERY;
    return m;
}

/* steps, Newton iterations, halvings, bytes of this run, troubled row */
EXPORT void simulation_counters(const Simulation *m, int64_t c[5]) {
    const Structure *s = m->s;
    c[0] = m->steps; c[1] = m->iterations; c[2] = m->halvings;
    c[3] = (int64_t)(sizeof *m + (4 * sizeof(Real) + 3 * sizeof(Mask)) * s->islands
                     + sizeof(Narrow) * (s->unknowns + 1 + 2 * s->states));
    c[4] = m->troubled;
}

/* Island steps that did not converge even after the shortest sub-step, of each lane. */
EXPORT void simulation_unresolved(const Simulation *m, Real *unresolved) { *unresolved = m->unresolved; }

#if LANES == 1
/* What a snapshot needs besides the values: disturbed (and twice eased), lag, span and contraction of each island, peak of
   each state, slope of each unknown (and of the ground) and of each state, whether sampled devices were told something new,
   steps since laws with a clock of their own ran. */
EXPORT void simulation_schedule(const Simulation *m, double *out) {
    Index n = m->s->islands;
    for (Index k = 0; k < n; k++) {
        out[k] = m->disturbed[k] + 2 * m->eased[k];
        out[n + k] = m->lag[k]; out[2 * n + k] = m->span[k]; out[3 * n + k] = m->contraction[k];
    }
    out += 4 * n;
    for (Index z = 0; z < m->s->states; z++) *out++ = m->peak[z];
    for (Index i = 0; i < m->s->unknowns + 1 + m->s->states; i++) *out++ = m->slope[i];
    *out++ = m->told;
    *out = m->since;
}

EXPORT void simulation_resume(Simulation *m, const double *in) {
    Index n = m->s->islands;
    for (Index k = 0; k < n; k++) {
        m->weight[k] = -1.0;
        m->disturbed[k] = (int)in[k] & 1; m->eased[k] = (int)in[k] >> 1; m->lag[k] = in[n + k]; m->span[k] = in[2 * n + k];
        m->contraction[k] = in[3 * n + k];
    }
    if (m->precise) forget_past(m->precise, m->s);
    in += 4 * n;
    for (Index z = 0; z < m->s->states; z++) m->peak[z] = NARROW(*in++);
    for (Index i = 0; i < m->s->unknowns + 1 + m->s->states; i++) m->slope[i] = NARROW(*in++);
    m->told = *in++ != 0.0;
    m->since = (Index)*in;
}
#endif

#if LANES > 1
#define EXCHANGE(type, a, b, count) \
    for (size_t n = 0; n < (count); n++) { const type kept = (a)[n][i]; (a)[n][i] = (b)[n][j]; (b)[n][j] = kept; }

/* Lane i of a run and lane j of another of the same network change places between two steps: each goes on in the other's
   place, to the same bits. */
EXPORT void simulation_exchange(Simulation *a, Index i, Simulation *b, Index j) {
    const Structure *s = a->s;
    EXCHANGE(double, a->value, b->value, (size_t)(a->memory - a->value) + a->memories)
    EXCHANGE(double, a->lag, b->lag, 3 * (size_t)s->islands) /* and span, contraction */
    EXCHANGE(int64_t, a->disturbed, b->disturbed, 2 * (size_t)s->islands) /* and eased */
    EXCHANGE(int64_t, &a->told, &b->told, 1)
    EXCHANGE(double, &a->unresolved, &b->unresolved, 1)
    EXCHANGE(double, &a->effort, &b->effort, 1)
    EXCHANGE(float, a->slope, b->slope, (size_t)s->unknowns + 1 + 2 * (size_t)s->states) /* of states too, and peak */
    for (Index k = 0; k < s->islands; k++) a->weight[k][i] = b->weight[k][j] = -1.0;
}
#endif

/* ------------------------------------------------------------------ steps */

/* Backward Euler for a whole step: where it was asked for, and in a circuit that turned back. */
static Mask prefers_euler(const Simulation *m, Index k, Mask who) {
    if (m->one_stage) return who;
    return m->s->island[k].refines ? who & LESS(m->span[k], ALL(0.0)) : NONE;
}

/* Bring an island to the present: it is `lag` steps behind, and its values `ahead` steps on their straight line. One
   that keeps to its line may then sleep twice as long; one that bends takes its next step in parts. */
static void catch_up(Simulation *m, Index k, Real ahead, Mask who) {
    const Island *island = &m->s->island[k];
    const Mask jumped = who & m->disturbed[k], went_on = who & LESS(ALL(0.0), ahead);
    keep_island(m, k);
    if (ANY(went_on)) go_on(m, island, -ahead, went_on);
#if LANES == 1
    if (m->precise) {
        precise_steps(m, k, m->lag[k] * m->h);
        m->disturbed[k] = NONE;
    } else
#endif
    {
        Real span = ABS(m->span[k]);
        m->calm = m->whole = NONE;
        m->pace = SELECT(LESS(span, ALL(1.0)), span, MAXIMUM(m->lag[k], span));
        keep(m, island, 0);
        in_parts(m, k, m->lag[k], prefers_euler(m, k, who), who);
    }
    const Mask eased = who & m->eased[k] & m->whole & NOT(jumped);
    if (ANY(eased)) begin_between(m, island, eased);
    m->eased[k] &= NOT(who);
    Real lag = m->lag[k];
    Line line = compare(m, k, SELECT(eased, (1.0 - GAMMA) * lag, lag), who, jumped);
    Real span = MAXIMUM(ALL(1.0), 0.25 * lag);
    span = SELECT(line.keeps, MAXIMUM(lag, m->span[k]), span);
    span = SELECT(line.grows, MAXIMUM(MINIMUM(2.0 * lag, ALL(m->longest)), span), span);
    if (!m->precise) span = SELECT(LESS(m->pace, ALL(1.0)), m->pace, span);
    if (island->refines) span = SELECT(line.turns & m->calm & NOT(LESS(span, ALL(1.0))), ALL(-1.0), span);
    SET_WHERE(who, m->span[k], span);
    SET_WHERE(who, m->lag[k], ALL(0.0));
    SPENT(STEP, k);
}

/* An island that sleeps is brought to the present with its old parameters before one of them changes. A circuit where a
   sampled law changes one by a little, after so short a sleep that the two together are little, takes it from its last
   solution on. */
static void set_parameter(Simulation *m, Index p, Real value, int by_law, Mask who) {
    Mask differs = who & (Mask)(m->parameter[p] != value);
    if (!ANY(differs)) return;
    keep_parameter(m, p);
    if (p >= m->s->parameters) { /* parameter of a sampled device: read when it runs */
        SET_WHERE(differs, m->parameter[p], value);
        return;
    }
    Index k = (Index)m->s->parameter_island[p];
    Real size = MAXIMUM(ABS(value), ABS(m->parameter[p])), change = ABS(value - m->parameter[p]), ahead = m->lag[k];
    const int easy = m->s->island[k].refines && !m->precise;
    Mask jumps = differs & LESS((easy ? EASY : DRIFT) * size, change), late = differs & LESS(ALL(0.0), ahead);
    const Mask switched = differs & LESS(EVENT * size, change);
    Mask eases = easy ? differs & NOT(jumps) : NONE;
    if (by_law) late &= NOT(eases & NOT(LESS(EARLY * size, change * (m->lag[k] * m->h))));
    if (m->ends) {
        const Mask away = late & switched & m->ends->known[k];
        late &= NOT(m->ends->known[k]) | away;
        if (ANY(away)) turn_away(m, k, away);
        ahead = SELECT(away, m->ends->before.lag[k], ahead);
    }
    if (ANY(late)) catch_up(m, k, ahead, late);
    m->eased[k] |= eases;
    m->disturbed[k] |= jumps;
    m->event |= switched;
    SET_WHERE(differs, m->parameter[p], value);
    m->span[k] = SELECT(differs & NOT(eases), MINIMUM(ABS(m->span[k]), ALL(1.0)), m->span[k]);
#if LANES == 1
    if (m->precise) m->precise->fresh[k] = 1;
#endif
    linear_changed(m, p, differs);
}

void simulation_flipped(Simulation *m, Mask who) { m->event |= m->acting & who; }

/* A sampled law that follows a solved value writes its noise too, and each writing would wake an island: what is the same
   but for that is not written, and what drifts slowly is there when its island is solved next. */
void simulation_emit(Simulation *m, Index write, Real value) {
    const Real least = (m->precise ? ROUNDING : SAME) * ABS(value), slight = (m->precise ? 0.0 : SLIGHT) * ABS(value);
    for (Index t = m->target_first[write]; t < m->target_first[write + 1]; t++) {
        const Index p = m->target[t];
        Real change = ABS(value - m->parameter[p]);
        Mask differs = m->acting & LESS(least, change), drifts = differs & (Mask)(change <= slight);
        if (!ANY(differs)) continue;
        if (ANY(drifts)) {
            keep_parameter(m, p);
            SET_WHERE(drifts, m->parameter[p], value);
            linear_changed(m, p, drifts);
        }
        differs &= NOT(drifts);
        if (ANY(differs)) set_parameter(m, p, value, 1, differs);
    }
}

EXPORT void simulation_write(Simulation *m, Index parameter, Index lane, double value) {
#if LANES == 1
    Mask who = EVERY;
    (void)lane;
#else
    Mask who = NONE;
    who[lane] = -1;
#endif
    const Real before = m->parameter[parameter], change = ABS(value - before);
    if (parameter >= m->s->parameters) m->told |= who & LESS(EVENT * MAXIMUM(ABS(before), ALL(fabs(value))), change);
    int asleep = parameter < m->s->parameters && ANY(who & LESS(ALL(0.0), m->lag[m->s->parameter_island[parameter]]));
    if (asleep && !take_scratch(m)) return;
    set_parameter(m, parameter, ALL(value), 0, who);
    if (asleep) drop_scratch(m);
    LEAVE_VECTORS();
}

/* Every island up to date: before the network is edited, or read to the last digit. */
EXPORT void simulation_catch_up(Simulation *m) {
    if (!take_scratch(m)) return;
    for (Index k = 0; k < m->s->islands; k++) {
        Mask late = LESS(ALL(0.0), m->lag[k]);
        if (ANY(late)) catch_up(m, k, m->lag[k], late);
    }
    drop_scratch(m);
    LEAVE_VECTORS();
}

/* Sampled laws, after `seconds`. Those with a clock of their own run when it ticks only: to look for the instant of what
   they do would find that tick again. */
static void run_sampled(Simulation *m, double seconds, int ticks, Mask who) {
    const Sampling seen = {m, m->value, m->parameter, m->memory, m->read, m->target, m->target_first, who,
                           m->precise ? ROUNDING : SAME};
    m->acting = who;
    for (Index g = 0; g < m->sampled_groups; g++) {
        const SampledLaw *law = &SAMPLED_LAWS[m->sampled[g].law];
        const Mask before = m->event;
        if (!law->clocked) law->run(&seen, &m->sampled[g], seconds);
        else if (ticks) { law->run(&seen, &m->sampled[g], m->clock * m->h); m->event = before; }
    }
    SPENT(SAMPLED, 0);
}

/* An island is brought to the end of this part of the step. */
static void solve_part(Simulation *m, Index k, double part, Mask who) {
    const Real lag = m->lag[k];
    catch_up(m, k, lag - part, who);
    if (!m->moment || m->ends || m->precise) return;
    m->moment->smooth[k] = who & m->whole & NOT(LESS(m->pace, lag));
    m->moment->then[k] = m->span[k];
}

/* `part` of a step: 1, or less where the instant of an event is looked for. An island that is awake takes every part,
   unless it goes towards an end that is known. */
static void advance_part(Simulation *m, double part, int ticks, Mask who) {
    m->part = part;
    for (Index k = 0; k < m->s->islands; k++) {
        ADD_WHERE(who, m->lag[k], ALL(part));
        Mask due = m->disturbed[k] | m->eased[k] | NOT(LESS(m->lag[k], m->span[k]));
        if (part < 1.0) due |= NOT(LESS(ALL(1.0), m->span[k]));
        if (m->ends) due &= NOT(m->ends->known[k]);
        due &= who;
        Mask on = who & NOT(due);
        if (ANY(on)) go_on(m, &m->s->island[k], ALL(part), on);
        if (m->moment) m->moment->went_on[k] = on;
        if (m->ends) arrive(m, k);
        if (ANY(due)) solve_part(m, k, part, due);
    }
    run_sampled(m, part * m->h, ticks, who);
}

/* A part of a step. Returns the lanes where an event shows at its end. */
static Mask look_ahead(Simulation *m, struct Moment *from, double part, int ticks, Mask who) {
    open_moment(m, from);
    advance_part(m, part, ticks, who);
    m->moment = NULL;
    return m->event & who;
}

static void advance_located(Simulation *m, struct Moment *room, double part, Index halvings, int ticks, Mask who);

/* What was taken back, in two halves. */
static void advance_halves(Simulation *m, struct Moment *room, double part, Index halvings, int ticks, Mask who) {
    advance_located(m, room, 0.5 * part, halvings - 1, 0, who);
    advance_located(m, room, 0.5 * part, halvings - 1, ticks, who);
}

/* A part of a step; where an event shows at its end, it is taken back and done again in two halves, each likewise. */
static void advance_located(Simulation *m, struct Moment *room, double part, Index halvings, int ticks, Mask who) {
    if (!halvings) { advance_part(m, part, ticks, who); return; }
    const Mask again = look_ahead(m, room, part, ticks, who);
    if (!ANY(again)) return;
    take_back(m, room, again);
    advance_halves(m, room, part, halvings, ticks, again);
}

static void advance_step(Simulation *m, struct Ends *ends, struct Moment *room, int ticks) {
    if (!m->event_halvings) { advance_part(m, 1.0, ticks, EVERY); return; }
    const Mask again = look_ahead(m, &ends->before, 1.0, ticks, EVERY);
    if (!ANY(again)) return;
    keep_ends(m, ends, again);
    take_back(m, &ends->before, again);
    set_out(m, ends);
    advance_halves(m, room, 1.0, m->event_halvings, ticks, again);
    m->ends = NULL;
}

/* What sampled devices were told from outside they act upon at once, not at the end of the step. */
static void act_upon(Simulation *m) {
    const Mask who = m->told;
    m->told = NONE;
    run_sampled(m, INSTANT, 0, who);
}

static void advance(Simulation *m, Index steps) {
    STARTED();
    struct Moment room = moment_in(m, m->room);
    struct Ends ends = ends_in(m, m->room + moment_numbers(m));
    for (Index n = 0; n < steps; n++) {
        if (m->event_halvings && ANY(m->told)) act_upon(m);
        m->since = m->since + 1 < m->clock ? m->since + 1 : 0;
        advance_step(m, &ends, &room, !m->since);
        m->steps++;
    }
    m->part = 1.0;
}

EXPORT void simulation_advance(Simulation *m, Index steps) {
    if (!take_scratch(m)) { m->unresolved += (double)steps; return; }
    advance(m, steps);
    drop_scratch(m);
    LEAVE_VECTORS();
}

#if LANES > 1
/* `steps` steps, then a look. Returns whether a switch is not as it was looked at last. */
EXPORT int simulation_tick(Simulation *m, Index steps) {
    m->effort *= FADING;
    simulation_advance(m, steps);
    const int found = simulation_look(m);
    LEAVE_VECTORS();
    return found;
}
#endif

#if LANES == 1
/* `points` times: `steps` steps, then the values at `places` as one row of `out`. */
EXPORT void simulation_record(Simulation *m, Index points, Index steps, Index places, const Index *place, double *out) {
    if (!take_scratch(m)) { m->unresolved += (double)points * steps; return; }
    for (Index n = 0; n < points; n++) {
        advance(m, steps);
        for (Index i = 0; i < places; i++) *out++ = m->value[place[i]];
    }
    drop_scratch(m);
}

/* From now on steps follow the estimated error: `accuracy` is what a step may be wrong by, as a share of each state. */
EXPORT void simulation_precise(Simulation *m, double accuracy) {
    free_precise(m->precise);
    m->precise = new_precise(m->s, accuracy);
}
#endif

/* From now on steps are taken whole and by backward Euler. */
EXPORT void simulation_one_stage(Simulation *m) { m->one_stage = 1; }

/* From now on a step with an event is taken in parts, down to 1 / 2^halvings of it, and laws with a clock of their own
   run every `clock` steps. */
EXPORT void simulation_locate(Simulation *m, Index halvings, Index clock) { m->event_halvings = halvings; m->clock = clock; }

#ifndef SOURCE_HASH
#define SOURCE_HASH "unknown"
#endif
/* Hash of the C text of solver and laws: the same text gives the same bits, whatever the compiler and the machine. */
EXPORT const char *source_hash(void) { return SOURCE_HASH; }

EXPORT Index law_count(void) { return LAW_COUNT; }
EXPORT Index sampled_law_count(void) { return SAMPLED_LAW_COUNT; }
EXPORT const char *law_signature(Index i) { return LAWS[i].signature; }
EXPORT const char *sampled_law_signature(Index i) { return SAMPLED_LAWS[i].signature; }
