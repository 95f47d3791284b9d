// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "videoonenet/data/rotation.hpp"

#include <vector>

#include "support/catch.hpp"

namespace rotation_test {

using namespace videoonenet;

namespace {

using Picture = std::vector<std::uint8_t>;

Picture rotated(const Picture& input, Index height, Index width, double degrees) {
  Picture output(input.size(), 77);
  rotate_bilinear(input, height, width, degrees, output);
  return output;
}

}  // namespace

TEST_CASE("rotation equals Pillow's on a 5x6 picture") {
  Picture input;
  for (int h = 0; h < 5; ++h)
    for (int w = 0; w < 6; ++w) input.push_back(static_cast<std::uint8_t>(40 * h + 23 * w * w + 17 * h * w));
  CHECK(rotated(input, 5, 6, 33) == Picture{0,   130, 184, 175, 174, 0,   21,  101, 96, 115, 70,  122, 39,  111, 210,
                                            160, 171, 131, 59,  120, 151, 118, 108, 32, 0,   125, 216, 148, 83,  0});
  CHECK(rotated(input, 5, 6, 90) == Picture{87,  145, 134, 122, 111, 0,   159, 145, 116, 152, 123, 0,  149, 126, 145,
                                            163, 118, 0,   57,  90,  155, 157, 158, 0,   11,  35,  84, 132, 181, 0});
  CHECK(rotated(input, 5, 6, -10.5) == Picture{19,  30,  75,  164, 149, 82,  58,  89,  158, 74,
                                               169, 141, 100, 153, 222, 125, 112, 117, 155, 181,
                                               91,  206, 148, 122, 196, 204, 104, 69,  82,  115});
  CHECK(rotated(input, 5, 6, 725.25) == Picture{4,   36, 113, 183, 119, 92, 34,  80,  152, 61,  196, 157, 71, 129, 236,
                                                137, 87, 85,  110, 179, 78, 202, 164, 151, 150, 227, 149, 72, 37,  47});
}

TEST_CASE("quarter turns of a square are exact and counter-clockwise") {
  const Picture input{1, 2, 3, 4, 5, 6, 7, 8, 9};
  CHECK(rotated(input, 3, 3, 0) == input);
  CHECK(rotated(input, 3, 3, 90) == Picture{3, 6, 9, 2, 5, 8, 1, 4, 7});
  CHECK(rotated(input, 3, 3, 180) == Picture{9, 8, 7, 6, 5, 4, 3, 2, 1});
  CHECK(rotated(input, 3, 3, 270) == Picture{7, 4, 1, 8, 5, 2, 9, 6, 3});
  CHECK(rotated(input, 3, 3, -90) == rotated(input, 3, 3, 270));
  CHECK(rotated(input, 3, 3, 720 + 90) == rotated(input, 3, 3, 90));
}

TEST_CASE("rotation refuses arrays that do not fit and angles that are not finite") {
  Picture input(6), output(5);
  CHECK_THROWS_AS(rotate_bilinear(input, 2, 3, 0, output), ShapeError);
  CHECK_THROWS_AS(rotate_bilinear(output, 2, 3, 0, input), ShapeError);
  CHECK_THROWS_AS(rotate_bilinear({}, 0, 3, 0, {}), ShapeError);
  CHECK_THROWS_AS(rotated(input, 2, 3, std::nan("")), InputError);
}

}  // namespace rotation_test
