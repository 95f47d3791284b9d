// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#include "support/golden.hpp"

#include <bit>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace golden {
namespace {

static_assert(std::endian::native == std::endian::little, "safetensors are little endian");

template <class T>
std::vector<double> convert(const std::vector<char>& bytes) {
  std::vector<double> values(bytes.size() / sizeof(T));
  for (std::size_t i = 0; i < values.size(); ++i) {
    T value;
    std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
    values[i] = static_cast<double>(value);
  }
  return values;
}

}  // namespace

Tensor load(const std::string& file, const std::string& name) {
  const std::string path =
      file.find('/') == std::string::npos ? std::string(VIDEOONENET_GOLDEN_DIR) + "/" + file : file;
  std::ifstream in(path, std::ios::binary);
  std::uint64_t size = 0;
  if (!in.read(reinterpret_cast<char*>(&size), sizeof size) || size > (1u << 24))
    throw std::runtime_error("golden: " + path + " is not a safetensors file");
  std::string text(size, ' ');
  in.read(text.data(), static_cast<std::streamsize>(size));
  const auto header = nlohmann::json::parse(text);
  if (!header.contains(name)) throw std::runtime_error("golden: " + path + " has no tensor " + name);
  const auto& entry = header.at(name);
  const auto begin = entry.at("data_offsets").at(0).get<std::uint64_t>();
  const auto end = entry.at("data_offsets").at(1).get<std::uint64_t>();
  std::vector<char> bytes(end - begin);
  in.seekg(static_cast<std::streamoff>(sizeof size + size + begin));
  if (!in.read(bytes.data(), static_cast<std::streamsize>(bytes.size())))
    throw std::runtime_error("golden: " + path + " ends within " + name);
  Tensor tensor{entry.at("shape").get<std::vector<std::int64_t>>(), {}};
  const auto type = entry.at("dtype").get<std::string>();
  if (type == "F64")
    tensor.values = convert<double>(bytes);
  else if (type == "F32")
    tensor.values = convert<float>(bytes);
  else if (type == "I64")
    tensor.values = convert<std::int64_t>(bytes);
  else if (type == "U8")
    tensor.values = convert<std::uint8_t>(bytes);
  else
    throw std::runtime_error("golden: " + name + " has the scalar type " + type);
  return tensor;
}

}  // namespace golden
