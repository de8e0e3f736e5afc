// A step of training in C: the loss, its way back, and Adam.
//
// The compiler is told the shape of the model: VOCAB_SIZE, N_LAYER, N_EMBD, N_HEAD and
// BLOCK_SIZE are numbers here, and REAL is double or float. All n positions of a
// document go through the model together, t is one of them. A matrix lies in memory row
// by row, and w[o][i] is the weight from input i to output o.
//
// Chapter: Compiled.

#include <string.h>
#include <tgmath.h>  // exp, log and sqrt, for double and for float

#define HEAD_DIM (N_EMBD / N_HEAD)
#define HIDDEN (4 * N_EMBD)
#define INLINE static inline __attribute__((always_inline))

typedef REAL real;
typedef real Vector[N_EMBD];
typedef real Wide[HIDDEN];
typedef real Lanes __attribute__((vector_size(32), aligned(sizeof(real)), may_alias));

#define LANES (int)(sizeof(Lanes) / sizeof(real))
#define LANES_AT(place) (*(Lanes *)(place))

typedef struct {  // the matrices of a layer
    Vector wq[N_EMBD], wk[N_EMBD], wv[N_EMBD], wo[N_EMBD], fc1[HIDDEN];
    Wide fc2[N_EMBD];
} Layer;

typedef struct {  // every weight, in the order of drawing; or the gradient of each
    Vector wte[VOCAB_SIZE], wpe[BLOCK_SIZE], lm_head[VOCAB_SIZE];
    Layer layers[N_LAYER];
} Weights;

typedef struct {  // what the way back through a layer needs, position by position
    Vector x[BLOCK_SIZE], q[BLOCK_SIZE], k[BLOCK_SIZE], v[BLOCK_SIZE];
    real shares[N_HEAD][BLOCK_SIZE][BLOCK_SIZE];
    Vector mixed[BLOCK_SIZE], y[BLOCK_SIZE];
    Wide hidden[BLOCK_SIZE];
    real x_scale[BLOCK_SIZE], y_scale[BLOCK_SIZE];
} LayerTrail;

typedef struct {  // what a loss leaves for its way back: the weights themselves, too
    Weights w;
    LayerTrail layers[N_LAYER];
    Vector first[BLOCK_SIZE], last[BLOCK_SIZE];
    real first_scale[BLOCK_SIZE], probs[BLOCK_SIZE][VOCAB_SIZE];
} Trail;

_Static_assert(sizeof(LayerTrail) + sizeof(real[BLOCK_SIZE][VOCAB_SIZE]) < 1 << 22,
               "a model of this shape is too large to be compiled");

INLINE real dot(int n, const real *x, const real *y) {
    Lanes sums = {0};
    real total = 0;
    int i = 0;
    for (; i + LANES <= n; i += LANES) sums += LANES_AT(x + i) * LANES_AT(y + i);
    for (; i < n; i++) total += x[i] * y[i];
    for (int lane = 0; lane < LANES; lane++) total += sums[lane];
    return total;
}

// y += factor * x
INLINE void add(int n, real factor, const real *x, real *restrict y) {
    for (int i = 0; i < n; i++) y[i] += factor * x[i];
}

// y += the sum of m rows of x, each times its factor. The factors lie `apart` places
// from each other: they may be a column of a matrix.
INLINE void mix(int m, int n, const real *factors, int apart, const real *x, real *y) {
    int i = 0;
    for (; i + LANES <= n; i += LANES) {
        Lanes sums = {0};
        for (int j = 0; j < m; j++)
            sums += factors[j * apart] * LANES_AT(x + j * n + i);
        LANES_AT(y + i) += sums;
    }
    for (; i < n; i++) {
        real sum = 0;
        for (int j = 0; j < m; j++) sum += factors[j * apart] * x[j * n + i];
        y[i] += sum;
    }
}

INLINE void linear(int n, int n_out, int n_in, const real *w, const real *x, real *y) {
    for (int t = 0; t < n; t++)
        for (int o = 0; o < n_out; o++)
            y[t * n_out + o] = dot(n_in, w + o * n_in, x + t * n_in);
}

INLINE void linear_back(int n, int n_out, int n_in, const real *w, const real *x,
                        const real *y_grad, real *w_grad, real *x_grad) {
    for (int o = 0; o < n_out; o++)
        mix(n, n_in, y_grad + o, n_out, x, w_grad + o * n_in);
    for (int t = 0; t < n; t++)
        mix(n_out, n_in, y_grad + t * n_out, 1, w, x_grad + t * n_in);
}

INLINE void rmsnorm(int n, const Vector *x, Vector *y, real *scale) {
    for (int t = 0; t < n; t++) {
        scale[t] = 1 / sqrt(dot(N_EMBD, x[t], x[t]) / N_EMBD + (real)1e-5);
        for (int i = 0; i < N_EMBD; i++) y[t][i] = scale[t] * x[t][i];
    }
}

INLINE void rmsnorm_back(int n, const Vector *y, const real *scale,
                         const Vector *y_grad, Vector *x_grad) {
    for (int t = 0; t < n; t++) {
        real mean = dot(N_EMBD, y_grad[t], y[t]) / N_EMBD;
        for (int i = 0; i < N_EMBD; i++)
            x_grad[t][i] += scale[t] * (y_grad[t][i] - mean * y[t][i]);
    }
}

INLINE void relu(int n, real *x) {
    for (int i = 0; i < n; i++) x[i] = x[i] <= 0 ? 0 : x[i];  // NaN is not, and stays
}

INLINE void relu_back(int n, const real *y, real *grad) {
    for (int i = 0; i < n; i++) grad[i] = y[i] == 0 ? 0 : grad[i];
}

INLINE void softmax(int n, real *x) {
    real largest = x[0], total = 0;
    for (int i = 1; i < n; i++) largest = x[i] > largest ? x[i] : largest;
    for (int i = 0; i < n; i++) total += x[i] = exp(x[i] - largest);
    for (int i = 0; i < n; i++) x[i] /= total;
}

// Position t asks with its query, in every head, all positions up to itself.
static void attention(int t, LayerTrail *p) {
    const real scale = 1 / sqrt((real)HEAD_DIM);
    memset(p->mixed[t], 0, sizeof(Vector));
    for (int i = 0; i < N_EMBD; i += HEAD_DIM) {
        real *shares = p->shares[i / HEAD_DIM][t];
        for (int s = 0; s <= t; s++)
            shares[s] = scale * dot(HEAD_DIM, p->q[t] + i, p->k[s] + i);
        softmax(t + 1, shares);
        for (int s = 0; s <= t; s++)
            add(HEAD_DIM, shares[s], p->v[s] + i, p->mixed[t] + i);
    }
}

static void attention_back(int t, const LayerTrail *p, const real *grad, Vector *q,
                           Vector *k, Vector *v) {
    const real scale = 1 / sqrt((real)HEAD_DIM);
    for (int i = 0; i < N_EMBD; i += HEAD_DIM) {
        const real *shares = p->shares[i / HEAD_DIM][t];
        real slopes[BLOCK_SIZE], mean = 0;
        for (int s = 0; s <= t; s++) {
            slopes[s] = dot(HEAD_DIM, grad + i, p->v[s] + i);
            mean += shares[s] * slopes[s];
            add(HEAD_DIM, shares[s], grad + i, v[s] + i);
        }
        for (int s = 0; s <= t; s++) {
            real slope = scale * shares[s] * (slopes[s] - mean);
            add(HEAD_DIM, slope, p->k[s] + i, q[t] + i);
            add(HEAD_DIM, slope, p->q[t] + i, k[s] + i);
        }
    }
}

// x += what a position takes from those before it
static void attend(int n, const Layer *w, LayerTrail *p, Vector *x) {
    Vector out[BLOCK_SIZE];
    rmsnorm(n, x, p->x, p->x_scale);
    linear(n, N_EMBD, N_EMBD, *w->wq, *p->x, *p->q);
    linear(n, N_EMBD, N_EMBD, *w->wk, *p->x, *p->k);
    linear(n, N_EMBD, N_EMBD, *w->wv, *p->x, *p->v);
    for (int t = 0; t < n; t++) attention(t, p);
    linear(n, N_EMBD, N_EMBD, *w->wo, *p->mixed, *out);
    add(n * N_EMBD, 1, *out, *x);
}

static void attend_back(int n, const Layer *w, const LayerTrail *p, Layer *g,
                        Vector *grad) {
    Vector x[BLOCK_SIZE] = {0}, mixed[BLOCK_SIZE] = {0};
    Vector q[BLOCK_SIZE] = {0}, k[BLOCK_SIZE] = {0}, v[BLOCK_SIZE] = {0};
    linear_back(n, N_EMBD, N_EMBD, *w->wo, *p->mixed, *grad, *g->wo, *mixed);
    for (int t = 0; t < n; t++) attention_back(t, p, mixed[t], q, k, v);
    linear_back(n, N_EMBD, N_EMBD, *w->wq, *p->x, *q, *g->wq, *x);
    linear_back(n, N_EMBD, N_EMBD, *w->wk, *p->x, *k, *g->wk, *x);
    linear_back(n, N_EMBD, N_EMBD, *w->wv, *p->x, *v, *g->wv, *x);
    rmsnorm_back(n, p->x, p->x_scale, x, grad);
}

// x += what a position makes of itself
static void think(int n, const Layer *w, LayerTrail *p, Vector *x) {
    Vector out[BLOCK_SIZE];
    rmsnorm(n, x, p->y, p->y_scale);
    linear(n, HIDDEN, N_EMBD, *w->fc1, *p->y, *p->hidden);
    relu(n * HIDDEN, *p->hidden);
    linear(n, N_EMBD, HIDDEN, *w->fc2, *p->hidden, *out);
    add(n * N_EMBD, 1, *out, *x);
}

static void think_back(int n, const Layer *w, const LayerTrail *p, Layer *g,
                       Vector *grad) {
    Vector y[BLOCK_SIZE] = {0};
    Wide hidden[BLOCK_SIZE] = {0};
    linear_back(n, N_EMBD, HIDDEN, *w->fc2, *p->hidden, *grad, *g->fc2, *hidden);
    relu_back(n * HIDDEN, *p->hidden, *hidden);
    linear_back(n, HIDDEN, N_EMBD, *w->fc1, *p->y, *hidden, *g->fc1, *y);
    rmsnorm_back(n, p->y, p->y_scale, y, grad);
}

// Average the surprise at the n tokens after the first.
double forward(int n, const int *tokens, const Weights *weights, Trail *p) {
    const Weights *w = memcpy(&p->w, weights, sizeof *weights);
    Vector *x = p->last;
    double total = 0;
    for (int t = 0; t < n; t++)
        for (int i = 0; i < N_EMBD; i++)
            x[t][i] = w->wte[tokens[t]][i] + w->wpe[t][i];
    rmsnorm(n, x, p->first, p->first_scale);
    memcpy(x, p->first, n * sizeof *x);
    for (int i = 0; i < N_LAYER; i++) {
        attend(n, &w->layers[i], &p->layers[i], x);
        think(n, &w->layers[i], &p->layers[i], x);
    }
    linear(n, VOCAB_SIZE, N_EMBD, *w->lm_head, *x, *p->probs);
    for (int t = 0; t < n; t++) {
        softmax(VOCAB_SIZE, p->probs[t]);
        total -= log(p->probs[t][tokens[t + 1]]);
    }
    return total / n;
}

// Add to g the gradient of the loss that left this trail.
void backward(int n, const int *tokens, const Trail *p, Weights *g) {
    const Weights *w = &p->w;
    Vector grad[BLOCK_SIZE] = {0}, x[BLOCK_SIZE] = {0};
    real logits[BLOCK_SIZE][VOCAB_SIZE];
    for (int t = 0; t < n; t++) {
        for (int i = 0; i < VOCAB_SIZE; i++) logits[t][i] = p->probs[t][i] / n;
        logits[t][tokens[t + 1]] -= (real)1 / n;
    }
    linear_back(n, VOCAB_SIZE, N_EMBD, *w->lm_head, *p->last, *logits, *g->lm_head,
                *grad);
    for (int i = N_LAYER - 1; i >= 0; i--) {
        think_back(n, &w->layers[i], &p->layers[i], &g->layers[i], grad);
        attend_back(n, &w->layers[i], &p->layers[i], &g->layers[i], grad);
    }
    rmsnorm_back(n, p->first, p->first_scale, grad, x);
    for (int t = 0; t < n; t++) add(N_EMBD, 1, x[t], g->wte[tokens[t]]);
    add(n * N_EMBD, 1, *x, *g->wpe);
}

// Move every weight as Adam does, and clear its gradient.
void adam(real *restrict w, real *restrict grad, real *restrict m, real *restrict v,
          double lr, double beta1, double beta2, double eps, double unbias1,
          double unbias2) {
    const real keep1 = beta1, rest1 = 1 - beta1, keep2 = beta2, rest2 = 1 - beta2;
    const real rate = lr / unbias1, unbias = 1 / unbias2, least = eps;
    for (int i = 0; i < sizeof(Weights) / sizeof(real); i++) {
        m[i] = keep1 * m[i] + rest1 * grad[i];
        v[i] = keep2 * v[i] + rest2 * (grad[i] * grad[i]);
        w[i] -= rate * m[i] / (sqrt(v[i] * unbias) + least);
        grad[i] = 0;
    }
}

int size_of_trail(void) {
    return sizeof(Trail);
}
