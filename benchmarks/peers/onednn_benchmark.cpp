// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Our convolutions and oneDNN's in turn, in one process: each direction of the layers of the papers' networks, and the
// layer that fuses convolution, joint instance norm and activation. Prints Markdown; with --csv FILE writes the same
// figures for programs. Both are checked to compute the same before they are timed.
//   GFLOP/s   two operations for each multiply-add of the definition, counting those that meet the zero boundary, which
//             an implementation may skip: small frames under wide kernels can pass 100% of the peak, Winograd any frame
//   peak      that as a share of the processor's multiply-adds in float, timed in turn with it, by whatever products
//   ratio     oneDNN's time over ours, median of paired repetitions: above 1 we are faster
// oneDNN is given layouts of its own choice, reordering them is not timed, and of what it offers (direct, Winograd, the
// transposed convolution as one with the flipped kernel) the fastest of the same kind counts.
#include <iostream>
#include <memory>

#include "onednn_layer.hpp"
#include "peer_report.hpp"
#include "products.hpp"

using namespace videoonenet;
using namespace videoonenet::benchmarks;

namespace {

struct Convolution {
  const char* name;
  Conv2dGeometry geometry;
  bool transposed = false;  ///< whether the layer is the adjoint of this convolution
};

constexpr Convolution convolutions[] = {
    {"3x3_16to16_72x14x14", {.frames = 72, .h = 14, .w = 14, .in = 16, .out = 16, .kernel = 3}},
    {"3x3_64to64_72x14x14", {.frames = 72, .h = 14, .w = 14, .in = 64, .out = 64, .kernel = 3}},
    {"5x5_256to256_16x16x16", {.frames = 16, .h = 16, .w = 16, .in = 256, .out = 256, .kernel = 5}},
    {"11x11_32to1_transposed_72x14x14", {.frames = 72, .h = 14, .w = 14, .in = 1, .out = 32, .kernel = 11}, true},
    {"11x11_128to1_transposed_72x14x14", {.frames = 72, .h = 14, .w = 14, .in = 1, .out = 128, .kernel = 11}, true},
};

/// What the layer calls a direction of the convolution it is made of.
std::string name_of(Direction direction, bool transposed) {
  if (direction == Direction::kernel_gradient) return "kernel gradient";
  return (direction == Direction::forward) != transposed ? "forward" : "input gradient";
}

/// The arrays of a convolution; its result, whichever it is, starts from zero.
struct Arrays {
  explicit Arrays(const Conv2dGeometry& g) : x(g.x_size()), y(g.y_size()), kernel(g.kernel_size()) {
    Random random(1);
    for (auto* array : {&x, &y, &kernel}) random.fill_normal(array->span());
  }
  Buffer<float>& result(Direction d) {
    return d == Direction::forward ? y : d == Direction::input_gradient ? x : kernel;
  }
  Buffer<float> x, y, kernel;
};

/// Ours, with arrays of its own.
class Ours {
 public:
  Ours(const Cpu& ex, const Conv2dGeometry& g, Direction direction)
      : ex_(ex), g_(g), direction_(direction), arrays_(g), scratch_(conv2d_scratch_size<float>(ex, g)) {}
  void run() {
    auto& [x, y, kernel] = arrays_;
    if (direction_ == Direction::forward)
      conv2d_forward(ex_, g_, x.span(), kernel.span(), {}, Accumulate::overwrite, y.span(), scratch_.span());
    else if (direction_ == Direction::input_gradient)
      conv2d_input_gradient(ex_, g_, y.span(), kernel.span(), x.span(), scratch_.span());
    else
      conv2d_kernel_gradient(ex_, g_, x.span(), y.span(), kernel.span(), scratch_.span());
  }
  /// Of one run, as a first one.
  Buffer<float> result() {
    Buffer<float>& to = arrays_.result(direction_);
    std::ranges::fill(to.span(), 0.f);
    run();
    return to;
  }

 private:
  Cpu ex_;
  Conv2dGeometry g_;
  Direction direction_;
  Arrays arrays_;
  Buffer<float> scratch_;
};

/// ‖a − b‖ / ‖b‖.
double relative_distance(std::span<const float> a, std::span<const float> b) {
  double difference = 0, norm = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference += std::pow(double(a[i]) - double(b[i]), 2);
    norm += std::pow(double(b[i]), 2);
  }
  return std::sqrt(difference / norm);
}

/// The kernel of the convolution that is the adjoint of another one: taps in opposite order, channels exchanged.
Buffer<float> flipped(const Conv2dGeometry& g, std::span<const float> kernel) {
  Buffer<float> result(g.kernel_size());
  const Index taps = g.kernel * g.kernel;
  for (Index r = 0; r < taps; ++r)
    for (Index c = 0; c < g.in; ++c)
      for (Index k = 0; k < g.out; ++k)
        result[((taps - 1 - r) * g.out + k) * g.in + c] = kernel[static_cast<std::size_t>((r * g.in + c) * g.out + k)];
  return result;
}

double flops_of(const Conv2dGeometry& g) { return 2 * double(g.y_size() * g.kernel * g.kernel * g.in); }

/// oneDNN's ways to do it, checked against ours; one that it does not have, or gets wrong, is left out.
void add_peers(std::vector<Contender>& peers, const Convolution& c, Direction direction, dnnl::memory::data_type type) {
  const Conv2dGeometry& g = c.geometry;
  const double tolerance = type == dnnl::memory::data_type::f32 ? 1e-4 : 2e-2;
  Arrays a(g);
  const Buffer<float> expected = Ours(Cpu{}, g, direction).result();
  const auto add = [&](const Conv2dGeometry& shape, Direction d, dnnl::algorithm algorithm, const Buffer<float>& x,
                       const Buffer<float>& kernel, const Buffer<float>& y) {
    try {
      const auto peer = std::make_shared<OnednnConvolution>(shape, d, type, algorithm);
      peer->set(x.span(), kernel.span(), y.span());
      peer->run();
      Buffer<float> result(expected.size());
      peer->result(result.span());
      const double error = relative_distance(result.span(), expected.span());
      const Products products = type == dnnl::memory::data_type::bf16                ? Products::bfloat16
                                : algorithm == dnnl::algorithm::convolution_winograd ? Products::winograd
                                                                                     : Products::direct;
      if (error < tolerance) return peers.push_back({peer->name(), products, [peer] { peer->run(); }});
      std::cerr << c.name << ", " << name_of(direction, c.transposed) << ": " << peer->name() << " of oneDNN is off by "
                << error << " and left out\n";
    } catch (const dnnl::error&) {  // it has no such convolution
    }
  };
  using enum dnnl::algorithm;
  for (dnnl::algorithm algorithm : {convolution_direct, convolution_winograd}) {
    add(g, direction, algorithm, a.x, a.kernel, a.y);
    if (direction == Direction::input_gradient && c.transposed) {
      Conv2dGeometry back = g;
      std::swap(back.in, back.out);
      const Buffer<float> kernel = flipped(g, a.kernel.span());
      add(back, Direction::forward, algorithm, a.y, kernel, a.x);
    }
  }
}

void compare_convolutions(PeerReport& report, int threads) {
  for (const Convolution& c : convolutions)
    for (Direction d : {Direction::forward, Direction::input_gradient, Direction::kernel_gradient}) {
      if (!report.wanted(c.name)) continue;
      std::vector<Contender> ours, peers;
      for (const auto& [products, name] : all_products)
        if (has_effect(products, c.geometry))
          ours.push_back(
              {name, products, [run = std::make_shared<Ours>(Cpu{threads, products}, c.geometry, d)] { run->run(); }});
      for (const auto type : {dnnl::memory::data_type::f32, dnnl::memory::data_type::bf16})
        add_peers(peers, c, d, type);
      report.compare({c.name, name_of(d, c.transposed), threads, flops_of(c.geometry)}, ours, peers);
    }
}

void compare_layers(PeerReport& report, int threads) {
  using enum dnnl::algorithm;
  for (const FusedLayer& l : fused_layers) {
    if (!report.wanted(l.name)) continue;
    using Run = decltype(run_of(l, Cpu{}));
    std::vector<std::shared_ptr<Run>> runs;
    std::vector<Contender> ours, peers;
    for (const auto& [products, name] : all_products) {
      if (!has_effect(products, l.geometry())) continue;
      const auto run = std::make_shared<Run>(run_of(l, Cpu{threads, products}, Purpose::inference));
      run->forward();
      runs.push_back(run);
      ours.push_back({name, products, [run] { run->forward(); }});
    }
    const auto kernel = runs[0]->parameters().span().first(static_cast<std::size_t>(l.geometry().kernel_size()));
    for (dnnl::algorithm algorithm : {convolution_direct, convolution_winograd}) {
      std::shared_ptr<SeparateLayer> separate;
      try {
        separate = std::make_shared<SeparateLayer>(l, threads, algorithm, runs[0]->x().flat(), kernel);
      } catch (const dnnl::error&) {  // it has no such convolution
        continue;
      }
      const Tensor<float> expected = separate->result();
      peers.push_back({separate->name(), algorithm == convolution_direct ? Products::direct : Products::winograd,
                       [separate] { separate->run(); }});
      for (std::size_t i = 0; i < runs.size(); ++i) {
        const double error = relative_distance(runs[i]->y().flat(), expected.flat());
        if (error > (ours[i].products == Products::bfloat16 ? 2e-2 : 1e-4))
          throw Error(sentence(l.name, ", ", ours[i].name, ": our layer and oneDNN's differ by ", error));
      }
    }
    report.compare({l.name, "forward", threads, flops_of(l.geometry())}, ours, peers);
  }
}

}  // namespace

int main(int argc, char** argv) try {
  PeerReportOptions options;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--csv" && i + 1 < argc)
      options.csv.emplace(argv[++i]);
    else if (argument == "--rounds" && i + 1 < argc)
      options.rounds = std::stoi(argv[++i]);
    else if (argument == "--only" && i + 1 < argc)
      options.only = argv[++i];
    else
      throw InputError(sentence("usage: ", argv[0], " [--csv FILE] [--rounds N] [--only PART_OF_A_NAME]"));
  }
  PeerReport report(options);
  for (int threads : {1, 2}) {
    omp_set_num_threads(threads);  // oneDNN plans for as many
    report.heading("convolution");
    compare_convolutions(report, threads);
    report.heading("convolution, norm and activation");
    compare_layers(report, threads);
  }
  return 0;
} catch (const std::exception& e) {
  std::cerr << e.what() << '\n';
  return 1;
}
