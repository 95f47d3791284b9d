// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
// Writes a few small valid files of every format into DIR/<reader>/, where the fuzzers start.
#include <iostream>

#include "videoonenet/core/random.hpp"
#include "videoonenet/io/gzip.hpp"
#include "videoonenet/io/npy.hpp"
#include "videoonenet/models/model_file.hpp"

using namespace videoonenet;

namespace {

Bytes gzip(const Bytes& data) {
  z_stream stream{};
  if (deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw Error("make_seeds: zlib cannot be initialised");
  Bytes packed(deflateBound(&stream, static_cast<uLong>(data.size())));
  stream.next_in = const_cast<Bytef*>(data.data());
  stream.avail_in = static_cast<uInt>(data.size());
  stream.next_out = packed.data();
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

void write_seeds(const std::filesystem::path& folder) {
  for (const char* reader : {"cifar", "gzip", "idx", "model", "npy", "safetensors", "ucf_list"})
    std::filesystem::create_directories(folder / reader);
  Random random(1);
  Bytes noise(300), record(3073);
  for (auto& b : noise) b = static_cast<std::uint8_t>(random.bits());
  for (auto& b : record) b = static_cast<std::uint8_t>(random.bits());
  record[0] = 7;
  write_bytes(folder / "cifar/one", {record});
  write_bytes(folder / "cifar/two", {record, record});

  write_bytes(folder / "gzip/noise", {gzip(noise)});
  write_bytes(folder / "gzip/zeros", {gzip(Bytes(5000))});
  write_bytes(folder / "gzip/members", {gzip(noise), gzip({1, 2, 3})});

  const Bytes pictures{0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 5, 0, 0, 0, 4}, labels{0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3};
  write_bytes(folder / "idx/pictures", {pictures, std::span(noise).first(40)});
  write_bytes(folder / "idx/labels", {labels});

  Tensor<float> video({.t = 2, .h = 3, .w = 2, .f = 3});
  random.fill_normal(video.flat());
  const std::vector<double> wide{1, 2, 3};
  write_npy(folder / "npy/video", video.view());
  write_npy<double>(folder / "npy/flat", wide, std::vector<Index>{3});
  for (const char* type : {"|u1", ">i2", "<f2", "|b1"}) {
    std::string file = npy_preamble(NumberType::f32, std::vector<Index>{2, 1});
    file.replace(file.find("<f4"), 3, type);
    write_text(folder / "npy" / std::string(type + 1), file + (type[2] == '2' ? "abcd" : "ab"));
  }

  for (const char* name : model_names) {
    ModelOptions options = named_model(name);
    options.filters = 1, options.kernel_encoder = 2, options.kernel_decoder = 1, options.iterations = 1;
    options.tied = options.learn_rho = options.data_net != DataNet::cnn;
    const Model<float> model(options);
    Buffer<float> weights(model.parameter_count());
    random.fill_normal(weights.span());
    write_model<float>(folder / "model" / name, model, weights.span(), {{"name", name}});
  }

  SafetensorsWriter writer;
  writer.add("video", video.view());
  writer.add<double>("matrix", wide, {3, 1});
  writer.add<std::uint8_t>("mask", noise, {10, 30});
  write_bytes(folder / "safetensors/plain", {writer.bytes()});
  writer.set_metadata("key", "dense");
  writer.set_metadata("shape", "4,32,32,3");
  write_bytes(folder / "safetensors/metadata", {writer.bytes()});
  write_bytes(folder / "safetensors/empty", {SafetensorsWriter().bytes()});

  write_text(folder / "ucf_list/train", "Archery/v_Archery_g08_c01.avi 3\r\nBiking/v_Biking_g25_c04.avi 11\r\n");
  write_text(folder / "ucf_list/test", "HandstandPushups/v_HandStandPushups_g01_c02.avi\r\n\r\n");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "make_seeds: expected one argument, the directory to write the seeds to\n";
    return 2;
  }
  write_seeds(argv[1]);
}
