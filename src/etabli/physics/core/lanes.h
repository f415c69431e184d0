/* One number for one run (LANES 1), or the same number of several runs side by side (LANES 8 or 16): the same C text is
   compiled for both. Every lane does the operations of a scalar run in the same order, so it gives the same bits; what
   one lane decides for itself (it has converged, it takes a shorter step) is a mask. */
#ifndef ETABLI_LANES_H
#define ETABLI_LANES_H
#include <math.h>
#include <stdint.h>
#include <string.h>
#ifdef __AVX2__
#include <immintrin.h>
#endif

#ifndef LANES
#define LANES 1
#endif

#if LANES == 1

typedef double Real;
typedef float Narrow; /* what a few digits are enough for: half the room */
typedef int Mask;     /* 0 or 1 */
#define WIDE(a) ((double)(a))
#define NARROW(a) ((float)(a))
#define ALL(c) (c)
#define NONE 0
#define EVERY 1
#define NOT(m) (!(m))
#define ANY(m) (m)
#define SELECT(m, a, b) ((m) ? (a) : (b))
#define SQRT(a) sqrt(a)
#define ABS(a) fabs(a)
/* A scalar run calls these only where its one lane is concerned. */
#define SET_WHERE(m, target, v) ((void)(m), (target) = (v))
#define ADD_WHERE(m, target, v) ((void)(m), (target) += (v))

#else

/* Aligned like a double: memory that Python owns need not be aligned on the vector's size. */
typedef double Real __attribute__((vector_size(8 * LANES), aligned(8)));
typedef float Narrow __attribute__((vector_size(4 * LANES), aligned(4)));
typedef int64_t Mask __attribute__((vector_size(8 * LANES), aligned(8))); /* 0 or -1 */

static inline Real all_lanes(double c) {
    Real r;
    for (int l = 0; l < LANES; l++) r[l] = c;
    return r;
}
static inline Mask every_lane(void) {
    Mask m;
    for (int l = 0; l < LANES; l++) m[l] = -1;
    return m;
}
static inline int any_lane(Mask m) {
#if LANES == 8 && defined(__AVX512DQ__)
    __m512i all;
    memcpy(&all, &m, sizeof all);
    return _mm512_movepi64_mask(all) != 0;
#elif LANES == 8 && defined(__AVX2__)
    __m256i half[2];
    memcpy(half, &m, sizeof half);
    const __m256i found = _mm256_or_si256(half[0], half[1]);
    return !_mm256_testz_si256(found, found);
#else
    int64_t found = 0;
    for (int l = 0; l < LANES; l++) found |= m[l];
    return found != 0;
#endif
}
#if LANES == 8 && defined(__AVX512DQ__)
static inline Real choose(Mask m, Real a, Real b) {
    return (Real)_mm512_mask_blend_pd(_mm512_movepi64_mask((__m512i)m), (__m512d)b, (__m512d)a);
}
#define SELECT_LESS(a, b, x, y) \
    ((Real)_mm512_mask_blend_pd(_mm512_cmp_pd_mask((__m512d)(a), (__m512d)(b), _CMP_LT_OS), (__m512d)(y), (__m512d)(x)))
/* One instruction each; what they give where a number is none, or for two zeros, is what the choice gives. */
#define SMALLER(a, b) ((Real)_mm512_min_pd((__m512d)(a), (__m512d)(b)))
#define LARGER(a, b) ((Real)_mm512_max_pd((__m512d)(a), (__m512d)(b)))
#else
static inline Real choose(Mask m, Real a, Real b) { return (Real)(((Mask)a & m) | ((Mask)b & ~m)); }
#endif
static inline Real square_root(Real a) {
    Real r;
    for (int l = 0; l < LANES; l++) r[l] = sqrt(a[l]);
    return r;
}
static inline Real magnitude(Real a) {
    Mask m;
    for (int l = 0; l < LANES; l++) m[l] = INT64_MAX;
    return (Real)((Mask)a & m);
}
#define WIDE(a) __builtin_convertvector((a), Real)
#define NARROW(a) __builtin_convertvector((a), Narrow)
#define ALL(c) all_lanes(c)
#define NONE ((Mask){0})
#define EVERY every_lane()
#define NOT(m) (~(m))
#define ANY(m) any_lane(m)
#define SELECT(m, a, b) choose((Mask)(m), (a), (b))
#define SQRT(a) square_root(a)
#define ABS(a) magnitude(a)
#define SET_WHERE(m, target, v) ((target) = choose((m), (v), (target)))
#define ADD_WHERE(m, target, v) ((target) = choose((m), (target) + (v), (target)))

#endif

#define SET_NARROW(m, target, v) ((target) = NARROW(SELECT((m), (v), WIDE(target))))
/* On the way out of the library: while the upper halves of the vector registers hold something, some processors run the
   plain instructions of everybody else in the process (Python, the core of single runs) at less than half their speed,
   and the compiler does not clear them on every way out. */
#ifdef __AVX2__
#define LEAVE_VECTORS() _mm256_zeroupper()
#else
#define LEAVE_VECTORS() ((void)0)
#endif

#define LESS(a, b) ((Mask)((a) < (b)))
#ifndef SELECT_LESS /* where a < b, x, else y */
#define SELECT_LESS(a, b, x, y) SELECT((a) < (b), (x), (y))
#endif
#ifndef SMALLER /* as MINIMUM and MAXIMUM, but for two equal zeros and for what is no number: the second one */
#define SMALLER(a, b) SELECT((a) < (b), (a), (b))
#define LARGER(a, b) SELECT((b) < (a), (a), (b))
#endif
#define MINIMUM(a, b) SELECT_LESS((b), (a), (b), (a))
#define MAXIMUM(a, b) SELECT_LESS((a), (b), (b), (a))
#endif
