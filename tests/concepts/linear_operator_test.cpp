// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/concepts/linear_operator.hpp"

#include "concepts/archetypes.hpp"
#include "support/catch.hpp"
#include "videoonenet/testing/dense_matrix.hpp"

namespace linear_operator_test {

using namespace videoonenet;
using archetypes::Doubling;

namespace {

struct WithoutAdjoint {
  using value_type = float;
  Shape domain() const { return {}; }
  Shape range() const { return {}; }
  void apply(const Cpu&, std::span<const float>, std::span<float>) const {}
};

struct OverIntegers : Doubling {
  using value_type = int;
};

}  // namespace

TEST_CASE("a type is a LinearOperator when it has every part, and only then") {
  STATIC_REQUIRE(LinearOperator<Doubling>);
  STATIC_REQUIRE_FALSE(LinearOperator<WithoutAdjoint>);
  STATIC_REQUIRE_FALSE(LinearOperator<OverIntegers>);
  STATIC_REQUIRE_FALSE(LinearOperator<int>);
}

TEST_CASE("an operator models the concept for the executors it has kernels for") {
  struct HostOnly {
    using value_type = double;
    Shape domain() const { return {}; }
    Shape range() const { return {}; }
    void apply(const Cpu&, std::span<const double>, std::span<double>) const {}
    void apply_adjoint(const Cpu&, std::span<const double>, std::span<double>) const {}
  };
  STATIC_REQUIRE(LinearOperator<HostOnly, Cpu>);
  STATIC_REQUIRE_FALSE(LinearOperator<HostOnly, archetypes::SmallExecutor>);
}

TEST_CASE("the archetype is the matrix it claims to be") {
  REQUIRE(testing::dense_matrix(Doubling{}).isApprox(2 * Eigen::MatrixXd::Identity(4, 4)));
}

TEST_CASE("operands of a wrong size are named before the operator runs") {
  REQUIRE_NOTHROW(require_operands(Doubling{}, 4, 4, "here"));
  REQUIRE_THROWS_AS(require_operands(Doubling{}, 3, 4, "here"), ShapeError);
  REQUIRE_THROWS_WITH(require_operands(Doubling{}, 4, 5, "here"),
                      "here: y (an element of the range) has 5 entries, expected 4");
}

}  // namespace linear_operator_test
