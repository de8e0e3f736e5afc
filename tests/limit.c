// What one core can do at most; compiled and timed by limit.py, for REAL numbers.

#include <tgmath.h>

#ifdef __AVX512F__
#define WIDEST 64
#else
#define WIDEST 32
#endif
#define MANY 1024  // numbers, which stay close to the processor
#define APART 10  // sums that do not wait for each other

typedef REAL real;
typedef real Lanes __attribute__((vector_size(WIDEST)));

static real from[MANY], to[MANY];

// Multiply and add, as often in a turn as the result says.
int multiply_add(int turns) {
    Lanes sums[APART] = {0};
    const real shrink = (real)0.5;
    for (int turn = 0; turn < turns; turn++)
        for (int i = 0; i < APART; i++) sums[i] = sums[i] * shrink + shrink;
    for (int i = 0; i < APART; i++)
        for (int lane = 0; lane < WIDEST / sizeof(real); lane++) to[i] += sums[i][lane];
    return APART * WIDEST / sizeof(real);
}

// Take a root and divide by it.
int divide_by_root(int turns) {
    for (int i = 0; i < MANY; i++) from[i] = 1 + i;
    for (int turn = 0; turn < turns; turn++)
        for (int i = 0; i < MANY; i++) to[i] += from[i] / sqrt(from[i] + turn);
    return MANY;
}

// Take the exponential function.
int exponential(int turns) {
    for (int i = 0; i < MANY; i++) from[i] = -(real)i / MANY;
    for (int turn = 0; turn < turns; turn++)
        for (int i = 0; i < MANY; i++) to[i] += exp(from[i] - turn);
    return MANY;
}
