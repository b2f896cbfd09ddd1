// 3 x 3 convolutions of stride 1 by Winograd's F(4x4, 3x3) (Lavin and Gray, CVPR 2016): a tile of 6 x 6 numbers becomes 36
// others, each convolution 36 matrix products with a fourth of the multiplications, and 36 products become a tile of 4 x 4.
// Pictures are float32 [n, side, side, channels], side a multiple of 4, channels of 32. Tiles go through in groups that
// stay in the cache. Built and called by winograd.py, which brings the matrix product (sgemm_ of any BLAS).
#include <cstring>
#include <vector>

namespace {

using Product = void (*)(const char*, const char*, const int*, const int*, const int*, const float*, const float*, const int*,
                         const float*, const int*, const float*, float*, const int*);

constexpr int WIDE = 32;  // channels at once: two cache lines
constexpr int APART = 16;  // floats between two planes, so that their rows do not fall on the same lines of the cache
const float ONE = 1, NONE = 0;
const float zeros[WIDE] = {};

struct Layer {
  int count, side, inputs, outputs, group;  // group: tiles at once
  int across() const { return side / 4; }
  int each() const { return across() * across(); }
  int pictures() const { return group > each() ? group / each() : 1; }
};

struct Planes {
  std::vector<float> numbers;
  long stride;
  Planes(int tiles, int channels) : numbers(36 * (long(tiles) * channels + APART)), stride(long(tiles) * channels + APART) {}
  float* at(int plane) { return numbers.data() + plane * stride; }
};

// The four small matrices, each with its transpose for the way back.
inline void spread(const float* a, float* o) {
  o[0] = 4 * a[0] - 5 * a[2] + a[4];
  o[1] = -4 * a[1] - 4 * a[2] + a[3] + a[4];
  o[2] = 4 * a[1] - 4 * a[2] - a[3] + a[4];
  o[3] = -2 * a[1] - a[2] + 2 * a[3] + a[4];
  o[4] = 2 * a[1] - a[2] - 2 * a[3] + a[4];
  o[5] = 4 * a[1] - 5 * a[3] + a[5];
}
inline void spread_back(const float* v, float* o) {
  o[0] = 4 * v[0];
  o[1] = -4 * v[1] + 4 * v[2] - 2 * v[3] + 2 * v[4] + 4 * v[5];
  o[2] = -5 * v[0] - 4 * v[1] - 4 * v[2] - v[3] - v[4];
  o[3] = v[1] - v[2] + 2 * v[3] - 2 * v[4] - 5 * v[5];
  o[4] = v[0] + v[1] + v[2] + v[3] + v[4];
  o[5] = v[5];
}
inline void gather(const float* m, float* o) {
  o[0] = m[0] + m[1] + m[2] + m[3] + m[4];
  o[1] = m[1] - m[2] + 2 * m[3] - 2 * m[4];
  o[2] = m[1] + m[2] + 4 * m[3] + 4 * m[4];
  o[3] = m[1] - m[2] + 8 * m[3] - 8 * m[4] + m[5];
}
inline void gather_back(const float* y, float* o) {
  o[0] = y[0];
  o[1] = y[0] + y[1] + y[2] + y[3];
  o[2] = y[0] - y[1] + y[2] - y[3];
  o[3] = y[0] + 2 * y[1] + 4 * y[2] + 8 * y[3];
  o[4] = y[0] - 2 * y[1] + 4 * y[2] - 8 * y[3];
  o[5] = y[3];
}

// Applies a small matrix of IN x OUT numbers to both sides of a square: `from` [IN*IN][WIDE] -> `to(row, column)`.
template <int IN, int OUT, typename Small, typename From, typename To>
inline void both_sides(Small small, From from, To to) {
  float between[OUT * IN][WIDE];
  for (int q = 0; q < IN; q++) {
    const float* column[IN];
    for (int r = 0; r < IN; r++) column[r] = from(r, q);
    for (int e = 0; e < WIDE; e++) {
      float in[IN], out[OUT];
      for (int r = 0; r < IN; r++) in[r] = column[r][e];
      small(in, out);
      for (int r = 0; r < OUT; r++) between[r * IN + q][e] = out[r];
    }
  }
  for (int r = 0; r < OUT; r++) {
    float row[OUT][WIDE];
    for (int e = 0; e < WIDE; e++) {
      float in[IN], out[OUT];
      for (int q = 0; q < IN; q++) in[q] = between[r * IN + q][e];
      small(in, out);
      for (int q = 0; q < OUT; q++) row[q][e] = out[q];
    }
    for (int q = 0; q < OUT; q++) to(r, q, row[q]);
  }
}

// For each tile of so many pictures and each WIDE of its channels: `act(where it begins in a plane, picture, top, left, channel)`.
template <typename Act>
inline void each_tile(const Layer& layer, int pictures, int channels, Act act) {
  long tile = 0;
  for (int i = 0; i < pictures; i++)
    for (int top = 0; top < layer.side; top += 4)
      for (int left = 0; left < layer.side; left += 4, tile++)
        for (int k = 0; k < channels; k += WIDE) act(tile * channels + k, i, top, left, k);
}

inline long place(const Layer& layer, int picture, int y, int x, int channels) {
  return ((long(picture) * layer.side + y) * layer.side + x) * channels;
}

inline bool outside(const Layer& layer, int y, int x) { return y < 0 || x < 0 || y >= layer.side || x >= layer.side; }

void tiles_of(const Layer& layer, int pictures, const float* x, Planes& to) {
  const int channels = layer.inputs;
  each_tile(layer, pictures, channels, [&](long begin, int i, int top, int left, int k) {
    float* out = to.at(0) + begin;
    both_sides<6, 6>(spread,
        [&](int r, int q) { return outside(layer, top + r - 1, left + q - 1) ? zeros : x + place(layer, i, top + r - 1, left + q - 1, channels) + k; },
        [&](int r, int q, const float* row) { std::memcpy(out + (r * 6 + q) * to.stride, row, sizeof(float) * WIDE); });
  });
}

void pictures_of(const Layer& layer, int pictures, Planes& from, float* y) {
  const int channels = layer.outputs;
  each_tile(layer, pictures, channels, [&](long begin, int i, int top, int left, int k) {
    const float* in = from.at(0) + begin;
    both_sides<6, 4>(gather,
        [&](int r, int q) { return in + (r * 6 + q) * from.stride; },
        [&](int r, int q, const float* row) { std::memcpy(y + place(layer, i, top + r, left + q, channels) + k, row, sizeof(float) * WIDE); });
  });
}

void tiles_of_gradient(const Layer& layer, int pictures, const float* dy, Planes& to) {
  const int channels = layer.outputs;
  each_tile(layer, pictures, channels, [&](long begin, int i, int top, int left, int k) {
    float* out = to.at(0) + begin;
    both_sides<4, 6>(gather_back,
        [&](int r, int q) { return dy + place(layer, i, top + r, left + q, channels) + k; },
        [&](int r, int q, const float* row) { std::memcpy(out + (r * 6 + q) * to.stride, row, sizeof(float) * WIDE); });
  });
}

// Adds up where tiles overlap.
void pictures_of_gradient(const Layer& layer, int pictures, Planes& from, float* dx) {
  const int channels = layer.inputs;
  std::memset(dx, 0, sizeof(float) * place(layer, pictures, 0, 0, channels));
  each_tile(layer, pictures, channels, [&](long begin, int i, int top, int left, int k) {
    const float* in = from.at(0) + begin;
    both_sides<6, 6>(spread_back,
        [&](int r, int q) { return in + (r * 6 + q) * from.stride; },
        [&](int r, int q, const float* row) {
          if (outside(layer, top + r - 1, left + q - 1)) return;
          float* to = dx + place(layer, i, top + r - 1, left + q - 1, channels) + k;
          for (int e = 0; e < WIDE; e++) to[e] += row[e];
        });
  });
}

}  // namespace

extern "C" {

// u: the kernels' planes [36, inputs, outputs].
void forward(Product product, const float* x, const float* u, float* y, int count, int side, int inputs, int outputs, int group) {
  const Layer layer{count, side, inputs, outputs, group};
  const int together = layer.pictures(), area = side * side;
  Planes v(together * layer.each(), inputs), m(together * layer.each(), outputs);
  for (int first = 0; first < count; first += together) {
    const int pictures = count - first < together ? count - first : together, tiles = pictures * layer.each();
    tiles_of(layer, pictures, x + long(first) * area * inputs, v);
    for (int j = 0; j < 36; j++)
      product("N", "N", &outputs, &tiles, &inputs, &ONE, u + long(j) * inputs * outputs, &outputs, v.at(j), &inputs, &NONE, m.at(j), &outputs);
    pictures_of(layer, pictures, m, y + long(first) * area * outputs);
  }
}

// du must come in as zeros.
void backward(Product product, const float* x, const float* u, const float* dy, float* dx, float* du, int count, int side, int inputs,
              int outputs, int group) {
  const Layer layer{count, side, inputs, outputs, group};
  const int together = layer.pictures(), area = side * side;
  Planes v(together * layer.each(), inputs), m(together * layer.each(), outputs);
  for (int first = 0; first < count; first += together) {
    const int pictures = count - first < together ? count - first : together, tiles = pictures * layer.each();
    tiles_of_gradient(layer, pictures, dy + long(first) * area * outputs, m);
    tiles_of(layer, pictures, x + long(first) * area * inputs, v);
    for (int j = 0; j < 36; j++) {
      const long plane = long(j) * inputs * outputs;
      product("N", "T", &outputs, &inputs, &tiles, &ONE, m.at(j), &outputs, v.at(j), &inputs, &ONE, du + plane, &outputs);
      product("T", "N", &inputs, &tiles, &outputs, &ONE, u + plane, &outputs, m.at(j), &outputs, &NONE, v.at(j), &inputs);
    }
    pictures_of_gradient(layer, pictures, v, dx + long(first) * area * inputs);
  }
}
}
