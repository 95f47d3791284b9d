// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/nn/conv2d/conv2d_bfloat16_cpu.hpp"

#include "nn/conv2d_checks.hpp"

namespace conv2d_bfloat16_cpu_test {

using namespace videoonenet;
using namespace videoonenet::cpu::convolution;
using namespace conv2d_checks;
using layer_checks::deviation;

namespace {

constexpr Cpu rounding{.products = cpu::Products::bfloat16};
constexpr float inf = std::numeric_limits<float>::infinity(), not_a_number = std::numeric_limits<float>::quiet_NaN();

/// What is multiplied, as the policy multiplies it.
Operands<double> rounded(Operands<double> o) {
  for (Buffer<double>* array : {&o.x, &o.kernel, &o.grad_y})
    for (double& v : *array) v = to_float(round_to_bfloat16(static_cast<float>(v)));
  return o;
}

/// The passes with rounded operands, also where they are not worth it, on scratch full of NaN.
Results<float> rounded_on_cpu(int threads, const Conv2dGeometry& g, const Operands<float>& o) {
  const Cpu ex{.threads = threads};
  const Plan<bfloat16> forward(Padded::forward(g)), gradient(Padded::input_gradient(g));
  const KernelGradient<bfloat16_pair> kernel_gradient(g);
  const auto spoilt = [](Index size) {
    Buffer<float> scratch(size);
    std::ranges::fill(scratch, not_a_number);
    return scratch;
  };
  Results<float> r = o.start;
  forward.run(ex, g.frames, o.x.data(), Kernel<float>::forward(g, o.kernel.data()), o.bias.span(), Accumulate::add,
              r.y.data(), spoilt(forward.scratch_size(threads)).data());
  gradient.run(ex, g.frames, o.grad_y.data(), Kernel<float>::input_gradient(g, o.kernel.data()), {}, Accumulate::add,
               r.grad_x.data(), spoilt(gradient.scratch_size(threads)).data());
  kernel_gradient.run(ex, g.frames, o.x.data(), o.grad_y.data(), r.grad_kernel.data(),
                      spoilt(kernel_gradient.scratch_size(threads)).data());
  return r;
}

/// The rounded passes against the definition with rounded operands, and against the definition itself.
void require_definition(const Conv2dGeometry& g) {
  INFO(text(g));
  const Operands<float> o(g);
  const Operands<double> exact(g);
  const Results<double> expected = by_definition(g, rounded(exact)), unrounded = by_definition(g, exact);
  const Results<float> one = rounded_on_cpu(1, g, o);
  REQUIRE(deviation(one.y, expected.y) < 1e-5);
  REQUIRE(deviation(one.grad_x, expected.grad_x) < 1e-5);
  REQUIRE(deviation(one.grad_kernel, expected.grad_kernel) < 1e-5);
  REQUIRE(deviation(one.y, unrounded.y) < 1e-2);
  REQUIRE(deviation(one.grad_x, unrounded.grad_x) < 1e-2);
  REQUIRE(deviation(one.grad_kernel, unrounded.grad_kernel) < 1e-2);
  for (int threads : {2, 3}) REQUIRE(rounded_on_cpu(threads, g, o) == one);
}

}  // namespace

TEST_CASE("convolution in bfloat16 follows the definition with rounded operands") {
  for_random_geometries(11, 4, [](const Conv2dGeometry& g) { require_definition(g); });
}

TEST_CASE("convolution in bfloat16 cuts large frames into tiles, and many channels into groups") {
  require_definition({.frames = 2, .h = 131, .w = 90, .in = 17, .out = 2, .kernel = 5});
  require_definition({.frames = 1, .h = 90, .w = 170, .in = 9, .out = 4, .kernel = 4, .stride = 2});
  require_definition({.frames = 3, .h = 13, .w = 9, .in = 2, .out = 150, .kernel = 3});
  require_definition({.frames = 1, .h = 9, .w = 17, .in = 300, .out = 17, .kernel = 5});
}

TEST_CASE("an executor's products are rounded where the processor can and it pays, else they are direct") {
  for (const Conv2dGeometry& g : {Conv2dGeometry{.frames = 4, .h = 9, .w = 7, .in = 16, .out = 17, .kernel = 3},
                                  {.frames = 1, .h = 5, .w = 6, .in = 7, .out = 33, .kernel = 3},
                                  {.frames = 3, .h = 5, .w = 6, .in = 3, .out = 4, .kernel = 3},
                                  {.frames = 2, .h = 8, .w = 5, .in = 1, .out = 16, .kernel = 1},
                                  {.frames = 2, .h = 8, .w = 5, .in = 16, .out = 1, .kernel = 1}}) {
    INFO(text(g));
    const Operands<float> o(g);
    const Results<float> direct = on_cpu(layer_checks::directly, g, o), both = rounded_on_cpu(1, g, o),
                         result = on_cpu(rounding, g, o);
    const auto is = [](bool rounds, const auto& given, const auto& in_bfloat16, const auto& in_float) {
      return std::ranges::equal(given, can_round<float> && rounds ? in_bfloat16 : in_float) &&
             !std::ranges::equal(in_bfloat16, in_float);
    };
    REQUIRE(is(rounding_pays(Padded::forward(g)), result.y, both.y, direct.y));
    REQUIRE(is(rounding_pays(Padded::input_gradient(g)), result.grad_x, both.grad_x, direct.grad_x));
    REQUIRE(is(kernel_gradient_rounding_pays(g), result.grad_kernel, both.grad_kernel, direct.grad_kernel));
    for (int threads : {2, 3}) REQUIRE(on_cpu(Cpu{threads, rounding.products}, g, o) == result);
    // doubles are never rounded
    REQUIRE(on_cpu(rounding, g, Operands<double>(g)) == on_cpu(Cpu{}, g, Operands<double>(g)));
  }
  const Conv2dGeometry wide{.frames = 4, .h = 9, .w = 7, .in = 16, .out = 17, .kernel = 3};
  REQUIRE((rounding_pays(Padded::forward(wide)) && kernel_gradient_rounding_pays(wide)));
  REQUIRE_FALSE(kernel_gradient_rounding_pays(wide.with_frames(1)));
}

TEST_CASE("a smaller batch runs on the scratch of a larger one, in bfloat16 too") {
  // of one frame the kernel's gradient is direct, and takes other memory
  const Conv2dGeometry g{.frames = 2, .h = 17, .w = 16, .in = 16, .out = 16}, one = g.with_frames(1);
  REQUIRE(cpu::conv2d_scratch_size<float>(rounding, g) >= KernelGradient<float>(one).scratch_size(1));
  REQUIRE(cpu::conv2d_scratch_size<float>(rounding, g) >= cpu::conv2d_scratch_size<float>(rounding, one));
}

TEST_CASE("infinite and not-a-number inputs of a bfloat16 convolution reach the outputs that see them, and no others") {
  const Conv2dGeometry g{.frames = 3, .h = 9, .w = 12, .in = 16, .out = 17, .kernel = 3};
  const Operands<float> sound(g);
  const Results<float> expected = rounded_on_cpu(1, g, sound);
  for (float bad : {inf, -inf, not_a_number}) {
    Operands<float> o(g);
    const Index row = 4, col = 7, frame = 1;
    o.x[((frame * g.h + row) * g.w + col) * g.in + 5] = bad;
    const Results<float> r = rounded_on_cpu(1, g, o);
    for (Index i = 0; i < g.y_size(); ++i) {
      const Index pixel = i / g.out, down = pixel / g.w % g.h - row, right = pixel % g.w - col;
      const bool sees = pixel / (g.w * g.h) == frame && std::abs(down) <= 1 && std::abs(right) <= 1;
      REQUIRE((sees ? !std::isfinite(r.y[i]) : r.y[i] == expected.y[i]));
    }
    for (Index i = 0; i < g.kernel_size(); ++i) {
      const bool sees = i / g.out % g.in == 5;
      REQUIRE((sees ? !std::isfinite(r.grad_kernel[i]) : r.grad_kernel[i] == expected.grad_kernel[i]));
    }
  }
  // a float that only rounding makes infinite
  Operands<float> o(g);
  o.x[0] = std::numeric_limits<float>::max();
  REQUIRE_FALSE(std::isfinite(rounded_on_cpu(1, g, o).y[0]));
}

}  // namespace conv2d_bfloat16_cpu_test
