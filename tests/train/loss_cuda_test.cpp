// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/train/loss/loss_cuda.cuh"

#include <variant>

#include "support/catch.hpp"
#include "support/test_gpu.cuh"
#include "videoonenet/train/loss/logistic_loss.hpp"

namespace loss_cuda_test {

using namespace videoonenet;
using namespace videoonenet::support;

static_assert(Loss<MeanAbsoluteError, float, TestGpu>);

TEMPLATE_TEST_CASE("device losses and their gradients equal the host's", "", MeanSquaredError, MeanAbsoluteError,
                   NegativePsnr) {
  const TestType rule;
  const Shape shape{.n = 3, .t = 2, .h = 9, .w = 21, .f = 2};
  Random random(6);
  auto truth = random_values(random, shape.size()), z = random_values(random, shape.size());
  z[5] = truth[5], z[700] = truth[700];  // no difference, no direction
  std::vector<float> expected(z.size());
  const View<const float> host_z{z.data(), shape}, host_truth{truth.data(), shape};
  const double loss = rule.value(Cpu{}, host_z, host_truth);

  const TestGpu gpu = test_gpu();
  const auto device_z = to_executor(gpu, z), device_truth = to_executor(gpu, truth);
  auto grad = to_executor(gpu, random_values(random, shape.size()));
  const View<const float> on_device{device_z.data(), shape}, its_truth{device_truth.data(), shape};
  const auto compare = [&](float scale) {
    rule.gradient(Cpu{}, host_z, host_truth, scale, View<float>{expected.data(), shape});
    CHECK(relative_error(from_executor(gpu, grad), expected) < 1e-6);
  };

  // as a training step has it: all on the device
  const auto scratch = gpu.template allocate<double>(loss_scratch_size(gpu, shape));
  auto device_loss = gpu.template allocate<double>(1);
  loss_gradient(gpu, rule, on_device, its_truth, scratch.span(), device_loss.data(), View<float>{grad.data(), shape});
  CHECK(from_executor(gpu, device_loss)[0] == Approx(loss).epsilon(1e-12));
  compare(1);

  // the same, chosen at run time
  const std::variant<MeanSquaredError, MeanAbsoluteError, NegativePsnr> chosen(rule);
  fill(gpu, 0.0f, grad.span());
  loss_gradient(gpu, chosen, on_device, its_truth, scratch.span(), device_loss.data(), View<float>{grad.data(), shape});
  CHECK(from_executor(gpu, device_loss)[0] == Approx(loss).epsilon(1e-12));
  compare(1);

  // as the host's training has it
  CHECK(rule.value(gpu, on_device, its_truth) == Approx(loss).epsilon(1e-12));
  rule.gradient(gpu, on_device, its_truth, 2.5f, View<float>{grad.data(), shape});
  compare(2.5f);
}

TEST_CASE("the device logistic loss and its gradient equal the host's, for logits of any size") {
  const Shape shape{.n = 700, .t = 2, .h = 1, .w = 1};
  Random random(8);
  auto logits = random_values(random, shape.size(), 10);
  logits[0] = 1e5f, logits[1] = -1e5f, logits[699] = 89, logits[1399] = -104;  // beyond what exp takes
  const View<const float> host{logits.data(), shape};
  const TestGpu gpu = test_gpu();
  const auto device_logits = to_executor(gpu, logits);
  auto grad = to_executor(gpu, random_values(random, shape.size()));
  const View<const float> device{device_logits.data(), shape};
  std::vector<float> expected(logits.size());
  for (const double label : {0.01, 0.99}) {
    CHECK(LogisticLoss{}.value(gpu, device, label) == Approx(LogisticLoss{}.value(Cpu{}, host, label)).epsilon(1e-12));
    LogisticLoss{}.gradient(Cpu{}, host, label, 2.5, View<float>{expected.data(), shape});
    LogisticLoss{}.gradient(gpu, device, label, 2.5, View<float>{grad.data(), shape});
    CHECK(relative_error(from_executor(gpu, grad), expected) < 1e-6);
  }
}

}  // namespace loss_cuda_test
