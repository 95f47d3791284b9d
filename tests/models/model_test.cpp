// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/models/model.hpp"

#include "support/catch.hpp"
#include "videoonenet/core/random.hpp"
#include "videoonenet/datastep/diagonal_solver/diagonal_solver.hpp"
#include "videoonenet/operators/mask/mask.hpp"
#include "videoonenet/train/initial_parameters.hpp"
#include "videoonenet/unroll/stream.hpp"

namespace model_test {

using namespace videoonenet;
using Catch::Matchers::ContainsSubstring;

namespace {

const ModelOptions video_options{.channels = 2, .filters = 3, .kernel_decoder = 5, .iterations = 3};
const ModelOptions one_options{.channels = 2,
                               .filters = 3,
                               .kernel_decoder = 5,
                               .iterations = 2,
                               .prior_input = PriorInput::difference,
                               .data_net = DataNet::none};
constexpr Shape video{.t = 3, .h = 7, .w = 6, .f = 2};

template <class T>
Buffer<T> drawn(Index size, double deviation = 0.2) {
  Buffer<T> values(size);
  Random(3).fill_normal(values.span(), deviation);
  return values;
}

template <class T>
struct Problem {
  Mask<T> a;
  Buffer<T> y;
  explicit Problem(const Shape& shape) : a(shape, mask(shape)), y(drawn<T>(shape.size())) {
    for (Index i = 0; i < y.size(); ++i) y[i] *= T(i % 2);
  }
  static Buffer<T> mask(const Shape& shape) {
    Buffer<T> kept(shape.size());
    for (Index i = 0; i < kept.size(); ++i) kept[i] = T(i % 2);
    return kept;
  }
};

/// The result and the gradient of one problem.
template <class T, class Net>
std::pair<Tensor<T>, Buffer<T>> run(const Net& net, const Cpu& ex = {}) {
  const Problem<T> p(video);
  const auto weights = drawn<T>(net.parameter_count());
  std::pair<Tensor<T>, Buffer<T>> result{Tensor<T>(video), Buffer<T>(weights.size())};
  auto planned = plan(ex, [&](auto& m) { return net.make_cache(m, video, Backward::checkpoint(2)); });
  auto bound = net.bind(ex, p.a, p.y.span());
  net.forward(ex, weights.span(), bound, planned.cache, result.first.view());
  net.adjoint(ex, weights.span(), bound, planned.cache, std::as_const(result.first).view(), result.second.span());
  return result;
}

double distance(const auto& a, const auto& b) {
  double largest = 0;
  for (Index i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(double(a[i]) - double(b[i])));
  return largest;
}

}  // namespace

TEMPLATE_TEST_CASE("a model is the network its options describe", "", float, double) {
  const auto same = [](const auto& net, const ModelOptions& options) {
    const Model<TestType> model(options);
    REQUIRE(model.parameter_count() == net.parameter_count());
    REQUIRE(model.parameters().back().name == net.parameters().back().name);
    REQUIRE(model.iterations() == net.iterations());
    const auto by_model = run<TestType>(model), by_net = run<TestType>(net);
    REQUIRE(distance(by_model.first, by_net.first) == 0);
    REQUIRE(distance(by_model.second, by_net.second) == 0);
    REQUIRE(distance(run<TestType>(model, Cpu{.threads = 3}).second, by_net.second) == 0);
  };
  same(one_net<TestType>(one_options), one_options);
  same(video_one_net<TestType>(video_options), video_options);
}

TEST_CASE("every option has an effect") {
  const auto result = [](ModelOptions o) { return run<double>(Model<double>(o)).first; };
  const auto differs = [&](const ModelOptions& o, auto change) {
    ModelOptions changed = o;
    change(changed);
    return distance(result(o), result(changed)) > 1e-6;
  };
  CHECK(differs(video_options, [](ModelOptions& o) { o.filters = 4; }));
  CHECK(differs(video_options, [](ModelOptions& o) { o.kernel_encoder = 5; }));
  CHECK(differs(video_options, [](ModelOptions& o) { o.kernel_decoder = 3; }));
  CHECK(differs(video_options, [](ModelOptions& o) { o.iterations = 1; }));
  CHECK(differs(video_options, [](ModelOptions& o) { o.rho = 0.4; }));
  CHECK(differs(video_options, [](ModelOptions& o) { o.prior_input = PriorInput::difference; }));
  CHECK(differs(video_options, [](ModelOptions& o) { o.prior_recurrent = false; }));
  CHECK(differs(video_options, [](ModelOptions& o) { o.data_net = DataNet::cnn; }));
  CHECK(differs(video_options, [](ModelOptions& o) { o.norm = InstanceNormPolicy::channel; }));
  CHECK(differs(video_options, [](ModelOptions& o) { o.residual = ResidualNets::prior; }));
  CHECK(differs(video_options, [](ModelOptions& o) { o.residual = ResidualNets::data; }));
  CHECK(differs(one_options, [](ModelOptions& o) { o.residual = ResidualNets::both; }));
  CHECK(differs(video_options, [](ModelOptions& o) { o.tied = false; }));
  CHECK(differs(video_options, [](ModelOptions& o) { o.learn_rho = true; }));
  CHECK(differs(video_options, [](ModelOptions& o) { o.learn_start = true; }));
  CHECK(differs(one_options, [](ModelOptions& o) { o.learn_start = true; }));
}

TEST_CASE("a model restores videos of any size") {
  for (const ModelOptions& options : {one_options, video_options}) {
    const Model<float> model(options);
    const auto weights = drawn<float>(model.parameter_count());
    for (const Shape& shape : {video, Shape{.t = 1, .h = 1, .w = 1, .f = 2}, Shape{.t = 5, .h = 33, .w = 17, .f = 2}}) {
      const Problem<float> p(shape);
      Tensor<float> z(shape), again(shape);
      model.restore(Cpu{}, weights.span(), p.a, p.y.span(), z.view());
      auto planned = model.plan_restoration(Cpu{.threads = 2}, shape);
      for (int i = 0; i < 2; ++i)
        model.restore(Cpu{.threads = 2}, weights.span(), p.a, p.y.span(), again.view(), planned.cache);
      REQUIRE(distance(z, again) == 0);
      for (float v : z.flat()) REQUIRE(std::isfinite(v));
    }
    REQUIRE(distance(run<float>(model).first, [&] {
              const Problem<float> p(video);
              Tensor<float> z(video);
              model.restore(Cpu{}, weights.span(), p.a, p.y.span(), z.view());
              return z;
            }()) == 0);
  }
}

TEST_CASE("residual nets start as classical ADMM without a prior") {
  ModelOptions deep = named_model("odp");  // whose start is corrected by nothing, either
  deep.channels = 2, deep.filters = 2, deep.iterations = 2;
  for (ModelOptions options : {one_options, video_options, deep}) {
    options.residual = options.data_net == DataNet::none ? ResidualNets::prior : ResidualNets::both;
    const Model<double> model(options);
    const auto weights = initial_parameters<double>(model.parameters(), 1);
    const Problem<double> p(video);
    Tensor<double> z(video);
    model.restore(Cpu{}, weights.span(), p.a, p.y.span(), z.view());
    for (Index i = 0; i < z.size(); ++i) REQUIRE(z[i] == Approx(p.y[i]).margin(1e-12));  // pinv(A) y of a mask
  }
}

TEST_CASE("the models of the other papers are OneNets with other nets or weights") {
  ModelOptions dua = named_model("dua"), odp = named_model("odp");
  dua.channels = odp.channels = 2, dua.filters = odp.filters = 1, dua.iterations = odp.iterations = 2;
  dua.height = 8, dua.width = 16;
  const Model<float> images(dua), deep(odp);
  const auto net = image_autoencoder<float>({.in = 2, .out = 2, .filters = 1, .h = 8, .w = 16});
  REQUIRE(images.parameter_count() == net.parameter_count());
  REQUIRE(images.parameters()[0].name == "prior.encoder.0.conv.kernel");
  const auto weights = drawn<float>(images.parameter_count());
  const Problem<float> p({.t = 2, .h = 8, .w = 16, .f = 2});
  Tensor<float> z(p.a.domain());
  images.restore(Cpu{}, weights.span(), p.a, p.y.span(), z.view());
  for (float v : z.flat()) REQUIRE(std::isfinite(v));
  REQUIRE_THROWS_AS(images.plan_restoration(Cpu{}, video), ShapeError);

  std::vector<std::string> names;
  for (const Parameter& parameter : deep.parameters()) names.push_back(parameter.name);
  for (const char* name :
       {"start.decoder.kernel", "iteration.0.prior.decoder.bias", "iteration.1.prior.decoder.bias", "log_rho"})
    CHECK(std::ranges::count(names, name) == 1);
}

TEST_CASE("a model refuses videos of other channels") {
  const Model<float> model(video_options);
  try {
    model.plan_restoration(Cpu{}, {.t = 2, .h = 4, .w = 4, .f = 3});
    FAIL("nothing was refused");
  } catch (const ShapeError& e) {
    CHECK_THAT(e.what(), ContainsSubstring("videoonenet-bcrnn is for videos of 2 channels"));
  }
}

TEST_CASE("tiles bound the memory of a restoration and leave smooth videos almost as they are") {
  const ModelOptions options{.filters = 8, .kernel_decoder = 3, .iterations = 2, .norm = InstanceNormPolicy::channel};
  const Shape shape{.t = 2, .h = 48, .w = 64};
  const Model<float> whole(options);
  const TileExtent tile{.size = 24, .halo = 5, .blend = 4};
  const Model<float> tiled(options, {.tiles = {.h = tile, .w = tile}});
  const Index ratio = whole.plan_restoration(Cpu{}, shape).bytes() / tiled.plan_restoration(Cpu{}, shape).bytes();
  REQUIRE(ratio >= 2);

  // A texture whose statistics are the same everywhere, half of it measured.
  const auto weights = drawn<float>(whole.parameter_count(), 0.05);
  Problem<float> p(shape);
  for (Index i = 0; i < p.y.size(); ++i) p.y[i] = float(i % 2) * float(0.5 + 0.3 * std::sin(0.9 * double(i % 64)));
  Tensor<float> z(shape), by_tiles(shape);
  whole.restore(Cpu{}, weights.span(), p.a, p.y.span(), z.view());
  tiled.restore(Cpu{}, weights.span(), p.a, p.y.span(), by_tiles.view());
  const double difference = distance(z, by_tiles);
  CHECK(difference > 0);
  CHECK(difference < 0.02);
  // A seam would be a jump of the difference between neighbours.
  double jump = 0;
  for (Index i = 1; i < z.size(); ++i)
    if (i % 64 != 0) jump = std::max(jump, std::abs(double(z[i] - by_tiles[i]) - double(z[i - 1] - by_tiles[i - 1])));
  CHECK(jump < 0.01);

  // one tile: the same bits
  const Model<float> one(options, {.tiles = {.h = {.size = 48}, .w = {.size = 64}}});
  one.restore(Cpu{}, weights.span(), p.a, p.y.span(), by_tiles.view());
  REQUIRE(distance(z, by_tiles) == 0);
}

TEST_CASE("the tiles of a restoration are announced, as many as were promised") {
  const TileExtent tile{.size = 5, .halo = 1, .blend = 1};
  ModelOptions with_start = one_options;
  with_start.learn_start = true;
  for (const ModelOptions& options : {one_options, video_options, with_start}) {
    Index announced = 0;
    const Model<float> model(options, {.tiles = {.h = tile}, .on_tile = [&] { ++announced; }});
    const auto weights = drawn<float>(model.parameter_count());
    const Problem<float> p(video);
    Tensor<float> z(video);
    model.restore(Cpu{}, weights.span(), p.a, p.y.span(), z.view());
    CHECK(announced == model.tiles(video));
    const int nets = options.iterations * (options.data_net == DataNet::none ? 1 : 2) + options.learn_start;
    CHECK(announced == 2 * nets);
  }
}

TEST_CASE("a restoration takes the bytes that were promised") {
  const Model<float> model(video_options);
  const Index of_a_video = video.size() * Index(sizeof(float));
  REQUIRE(model.restoration_bytes(Cpu{}, video) == model.plan_restoration(Cpu{}, video).bytes() + 3 * of_a_video);
  REQUIRE(Model<float>(one_options).restoration_bytes(Cpu{}, video) ==
          Model<float>(one_options).plan_restoration(Cpu{}, video).bytes() + 2 * of_a_video);
  REQUIRE(model.restoration_bytes(Cpu{}, video, 2) > model.restoration_bytes(Cpu{}, video));
}

TEST_CASE("a model is streamed as its network is, and takes another measurement without a new bound problem") {
  for (const ModelOptions& options : {one_options, video_options}) {
    const Model<float> model(options);
    const auto weights = drawn<float>(model.parameter_count());
    const Problem<float> p(video);
    auto y = drawn<float>(video.size());
    const auto streamed = [&](const auto& net, const WarmStart& warm) {
      Stream stream(Cpu{}, net, std::span<const float>(weights.span()), video, {.hop = 2, .warm = warm});
      auto bound = net.bind(Cpu{}, p.a, std::span<const float>(p.y.span()));
      stream.advance(bound);
      bound.rebind(Cpu{}, y.span());
      std::vector<float> z;
      for (const float v : stream.advance(bound).flat()) z.push_back(v);
      for (const float v : stream.rest().flat()) z.push_back(v);
      return z;
    };
    const WarmStart anew{}, all{.z = true, .u = true, .recurrent = options.data_net != DataNet::none};
    const auto z = streamed(model, all);
    model.visit([&](const auto& net) { REQUIRE(streamed(net, all) == z); });
    REQUIRE(streamed(model, anew) != z);
    // the second window anew is the problem with its measurement alone; its last frame is in no other window
    Tensor<float> alone(video);
    model.restore(Cpu{}, weights.span(), p.a, y.span(), alone.view());
    const auto last = streamed(model, anew);
    REQUIRE(std::equal(last.end() - video.frame_size(), last.end(), alone.data() + 2 * video.frame_size()));
  }
}

TEST_CASE("the solver's settings reach the data step") {
  const Model<float> model(video_options, {.solver = {.tolerance = 0.5}});
  model.visit([](const auto& net) {
    if constexpr (requires { net.data_step().least_squares; })
      CHECK(net.data_step().least_squares.solver.tolerance == 0.5);
    else
      FAIL("a VideoOneNet was asked for");
  });
}

TEST_CASE("the gradient of every published variant is that of finite differences, under every backward strategy") {
  const Shape small{.t = 2, .h = 3, .w = 4, .f = 1};
  const Problem<double> p(small);
  const auto truth = drawn<double>(small.size());
  for (const char* name : {"onenet-cnn", "onenet-bcrnn", "videoonenet-cnn", "videoonenet-bcrnn"})
    for (bool tied : {true, false}) {
      ModelOptions options = named_model(name);
      options.filters = 2;
      options.kernel_decoder = 3;
      options.iterations = 3;
      options.tied = tied;
      options.learn_rho = !tied;
      const Model<double> model(options);
      const auto weights = drawn<double>(model.parameter_count(), 0.4);
      auto bound = model.bind(Cpu{}, p.a, p.y.span());
      Tensor<double> z(small), grad_z(small);
      const auto gradient_by = [&](const Backward& strategy) {
        auto planned = plan(Cpu{}, [&](auto& m) { return model.make_cache(m, small, strategy); });
        Buffer<double> gradient(weights.size());
        model.forward(Cpu{}, weights.span(), bound, planned.cache, z.view());
        linear_combination(Cpu{}, 1, z.flat(), -1, truth.span(), grad_z.flat());
        model.adjoint(Cpu{}, weights.span(), bound, planned.cache, grad_z.view(), gradient.span());
        return gradient;
      };
      const auto gradient = gradient_by(Backward::store());
      for (const auto& strategy : {Backward::checkpoint(2), Backward::recompute(), Backward::truncated(3)})
        REQUIRE(distance(gradient_by(strategy), gradient) == 0);

      auto planned = model.plan_restoration(Cpu{}, small);
      const auto loss = [&](const Buffer<double>& at) {
        model.forward(Cpu{}, at.span(), bound, planned.cache, z.view());
        return 0.5 * squared_distance(Cpu{}, std::span<const double>(z.flat()), truth.span());
      };
      Index first = 0;  // two entries of every array
      for (const Parameter& array : model.parameters()) {
        INFO(name << " " << array.name);
        for (Index k : {first, first + array.size() - 1}) {
          Buffer<double> above = weights, below = weights;
          above[k] += 1e-5;
          below[k] -= 1e-5;
          REQUIRE(gradient[k] == Approx((loss(above) - loss(below)) / 2e-5).epsilon(1e-6).margin(1e-8));
        }
        first += array.size();
      }
      REQUIRE(first == model.parameter_count());
    }
}

}  // namespace model_test
