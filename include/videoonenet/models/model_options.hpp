// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What distinguishes one OneNet or VideoOneNet from another, and how a weights file says it (SPEC §5).

#include <array>
#include <charconv>
#include <map>
#include <string_view>

#include "videoonenet/nn/instance_norm/instance_norm.hpp"
#include "videoonenet/proximal/network_prior/network_prior.hpp"

namespace videoonenet {

/// The network after the least-squares step; none makes a OneNet, any other a VideoOneNet.
enum class DataNet { none, cnn, bcrnn };

/// What the nets of a model are made of.
enum class NetKind {
  convolutional,  ///< VON's encoder and decoder, for frames of any size
  autoencoder,    ///< DUA's, for frames of one size
};

/// Which nets add to their input instead of replacing it; VON names this as future work.
enum class ResidualNets { none, prior, data, both };

/// A model of VON without its weights; the defaults are the paper's VideoOneNet BCRNN for Rotated MNIST.
struct ModelOptions {
  Index channels = 1;         ///< F of the videos
  Index filters = 64;         ///< channels inside the nets
  Index kernel_encoder = 3;   ///< width of the encoder's and the recurrent kernels
  Index kernel_decoder = 11;  ///< width of the decoder's kernel
  int iterations = 13;
  double rho = 0.3;  ///< penalty ρ, where learning it starts
  PriorInput prior_input = PriorInput::concatenation;
  bool prior_recurrent = true;  ///< BCRNN instead of CNN
  DataNet data_net = DataNet::bcrnn;
  InstanceNormPolicy norm = InstanceNormPolicy::joint;
  ResidualNets residual = ResidualNets::none;
  bool tied = true;          ///< the same weights in every iteration
  bool learn_rho = false;    ///< ρ of every iteration is a weight
  bool learn_start = false;  ///< z⁰ is corrected by a net of its own, shown z⁰ and Aᵀy (ODP)
  NetKind net = NetKind::convolutional;
  Index height = 64, width = 64;  ///< of an autoencoder's frames, multiples of 8

  bool operator==(const ModelOptions&) const = default;
};

/// Strings by key, as safetensors files carry them.
using Metadata = std::map<std::string, std::string>;

/// The published models by name: VON's four, DUA's OneNet of autoencoders, and unrolled deep priors.
inline constexpr std::array model_names{"onenet-cnn",        "onenet-bcrnn", "videoonenet-cnn",
                                        "videoonenet-bcrnn", "dua",          "odp"};

namespace detail {

/// A value and its name in files.
template <class E>
using EnumNames = std::initializer_list<std::pair<E, std::string_view>>;

/// Calls body(names) with the names of all values of an enumeration.
template <class Body>
auto with_names(bool, Body&& body) {
  return body(EnumNames<bool>{{true, "true"}, {false, "false"}});
}
template <class Body>
auto with_names(PriorInput, Body&& body) {
  return body(
      EnumNames<PriorInput>{{PriorInput::difference, "difference"}, {PriorInput::concatenation, "concatenation"}});
}
template <class Body>
auto with_names(DataNet, Body&& body) {
  return body(EnumNames<DataNet>{{DataNet::none, "none"}, {DataNet::cnn, "cnn"}, {DataNet::bcrnn, "bcrnn"}});
}
template <class Body>
auto with_names(InstanceNormPolicy, Body&& body) {
  using P = InstanceNormPolicy;
  return body(EnumNames<P>{{P::joint, "joint"}, {P::channel, "channel"}});
}
template <class Body>
auto with_names(NetKind, Body&& body) {
  using K = NetKind;
  return body(EnumNames<K>{{K::convolutional, "convolutional"}, {K::autoencoder, "autoencoder"}});
}
template <class Body>
auto with_names(ResidualNets, Body&& body) {
  using R = ResidualNets;
  return body(EnumNames<R>{{R::none, "none"}, {R::prior, "prior"}, {R::data, "data"}, {R::both, "both"}});
}

template <class E>
std::string enum_name(E value) {
  return with_names(value, [&](const auto& names) -> std::string {
    for (const auto& [known, name] : names)
      if (known == value) return std::string(name);
    throw InputError("a model's option has a value without a name");
  });
}

/// Reads options one by one from metadata, with a sentence for what cannot be read.
class MetadataReader {
 public:
  MetadataReader(const Metadata& metadata, const std::string& where) : metadata_(metadata), where_(where) {}

  /// The value of a key that must be there and be one of `known`.
  std::string one_of(const std::string& key, std::initializer_list<std::string_view> known) const {
    const auto found = metadata_.find(key);
    if (found == metadata_.end())
      throw InputError(sentence(where_, ": the metadata lacks the key \"", key, "\"; is it a model of videoonenet?"));
    std::string names;
    for (std::string_view name : known) {
      if (name == found->second) return found->second;
      names += (names.empty() ? "" : " or ") + std::string(name);
    }
    refuse(*found, names);
  }
  /// The model's name, one of `known`, in a file of the present format.
  std::string model(std::initializer_list<std::string_view> known) const {
    one_of("format", {"videoonenet"});
    one_of("version", {"1"});
    return one_of("model", known);
  }
  /// A number from `least` to `most`; `value` stays where the key is absent.
  template <class Number>
  void number(const std::string& key, Number least, Number most, Number& value) const {
    const auto found = metadata_.find(key);
    if (found == metadata_.end()) return;
    const std::string& text = found->second;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !(value >= least && value <= most))
      refuse(*found,
             sentence(std::is_integral_v<Number> ? "a whole number" : "a number", " from ", least, " to ", most));
  }
  /// One of the names of an enumeration; `value` stays where the key is absent.
  template <class E>
  void name(const std::string& key, E& value) const {
    const auto found = metadata_.find(key);
    if (found == metadata_.end()) return;
    with_names(value, [&](const auto& names) {
      std::string expected;
      for (const auto& [known, name] : names) {
        if (name == found->second) return static_cast<void>(value = known);
        expected += (expected.empty() ? "" : " or ") + std::string(name);
      }
      refuse(*found, expected);
    });
  }

 private:
  [[noreturn]] void refuse(const Metadata::value_type& entry, const std::string& expected) const {
    throw InputError(sentence(where_, ": the metadata say ", entry.first, " = \"", entry.second.substr(0, 80),
                              "\", expected ", expected));
  }

  const Metadata& metadata_;
  const std::string& where_;
};

/// Shortest text that reads back as the same number.
inline std::string exact_text(double value) {
  char text[32];
  return std::string(text, std::to_chars(text, text + sizeof text, value).ptr);
}

}  // namespace detail

/// The options that a file's metadata describe; absent keys take the model's defaults.
/// Errors: InputError naming `where` and the key that is missing, unknown or out of range.
inline ModelOptions model_options(const Metadata& metadata, const std::string& where) {
  const detail::MetadataReader read(metadata, where);
  const bool video = read.model({"onenet", "videoonenet"}) == "videoonenet";

  ModelOptions o;
  if (!video) o.data_net = DataNet::none, o.prior_input = PriorInput::difference;
  read.number<Index>("channels", 1, 4096, o.channels);
  read.number<Index>("filters", 1, 16384, o.filters);
  read.number<Index>("kernel_encoder", 1, 127, o.kernel_encoder);
  read.number<Index>("kernel_decoder", 1, 127, o.kernel_decoder);
  read.number("iterations", 1, 1000, o.iterations);
  read.number("rho", 1e-9, 1e9, o.rho);
  read.name("prior_input", o.prior_input);
  read.name("data_net", o.data_net);
  o.prior_recurrent = o.data_net == DataNet::bcrnn;  // where the file does not say
  read.name("prior_recurrent", o.prior_recurrent);
  read.name("norm", o.norm);
  read.name("residual", o.residual);
  read.name("tied", o.tied);
  read.name("learn_rho", o.learn_rho);
  read.name("learn_start", o.learn_start);
  read.name("net", o.net);
  read.number<Index>("height", 8, 4096, o.height);
  read.number<Index>("width", 8, 4096, o.width);
  if (o.net == NetKind::autoencoder) {
    if (o.prior_recurrent || o.data_net == DataNet::bcrnn)
      throw InputError(sentence(where, ": the metadata contradict themselves, an autoencoder has no recurrent form"));
    if (o.height % 8 != 0 || o.width % 8 != 0)
      throw InputError(sentence(where, ": an autoencoder of ", o.height, "x", o.width,
                                " pixels was asked for, expected multiples of 8"));
  }
  if (video != (o.data_net != DataNet::none))
    throw InputError(sentence(where, ": the metadata contradict themselves, model = ", video ? "videoonenet" : "onenet",
                              " with data_net = ", detail::enum_name(o.data_net)));
  return o;
}

/// The metadata from which `model_options` makes the same options.
inline Metadata metadata_of(const ModelOptions& o) {
  using detail::enum_name;
  Metadata all{{"format", "videoonenet"},
               {"version", "1"},
               {"model", o.data_net == DataNet::none ? "onenet" : "videoonenet"},
               {"channels", sentence(o.channels)},
               {"filters", sentence(o.filters)},
               {"kernel_encoder", sentence(o.kernel_encoder)},
               {"kernel_decoder", sentence(o.kernel_decoder)},
               {"iterations", sentence(o.iterations)},
               {"rho", detail::exact_text(o.rho)},
               {"prior_input", enum_name(o.prior_input)},
               {"prior_recurrent", enum_name(o.prior_recurrent)},
               {"data_net", enum_name(o.data_net)},
               {"norm", enum_name(o.norm)},
               {"residual", enum_name(o.residual)},
               {"tied", enum_name(o.tied)},
               {"learn_rho", enum_name(o.learn_rho)}};
  if (o.learn_start) all["learn_start"] = "true";
  if (o.net == NetKind::autoencoder) {
    all["net"] = enum_name(o.net);
    all["height"] = sentence(o.height), all["width"] = sentence(o.width);
  }
  return all;
}

/// Checks options that did not come from a file.  Errors: InputError naming `where` and the option.
inline void require_valid(const ModelOptions& o, const char* where) { model_options(metadata_of(o), where); }

/// One of `model_names`, with VON's sizes for Rotated MNIST, and DUA's for images of 64×64 pixels.
/// Errors: InputError listing the known names.
inline ModelOptions named_model(std::string_view name) {
  std::string known;
  for (const char* n : model_names) {
    known += (known.empty() ? "" : ", ") + std::string(n);
    if (name != n) continue;
    const bool recurrent = name.ends_with("bcrnn");
    ModelOptions o{.prior_recurrent = recurrent, .data_net = recurrent ? DataNet::bcrnn : DataNet::cnn};
    if (!name.starts_with("video")) o.data_net = DataNet::none, o.prior_input = PriorInput::difference;
    if (name == "dua") o.net = NetKind::autoencoder, o.channels = 3, o.iterations = 8;
    if (name == "odp") o.residual = ResidualNets::prior, o.tied = false, o.learn_rho = o.learn_start = true;
    return o;
  }
  throw InputError(sentence("the model \"", name, "\" is unknown, expected one of ", known));
}

/// The name that the papers' tables give a model, one of `model_names`.
inline std::string name_of(const ModelOptions& o) {
  if (o.data_net == DataNet::none && o.net == NetKind::autoencoder) return "dua";
  if (o.data_net == DataNet::none && !o.prior_recurrent && !o.tied && o.learn_start) return "odp";
  const bool recurrent = o.data_net == DataNet::none ? o.prior_recurrent : o.data_net == DataNet::bcrnn;
  return sentence(o.data_net == DataNet::none ? "onenet" : "videoonenet", recurrent ? "-bcrnn" : "-cnn");
}

}  // namespace videoonenet
