// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// safetensors files: named arrays with string metadata, fully validated before use and written in a fixed order.

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string_view>
#ifdef VIDEOONENET_EXTERN_TEMPLATES  // then another file compiles all that uses it
#include <nlohmann/json_fwd.hpp>
#else
#include <nlohmann/json.hpp>
#endif

#include "videoonenet/io/raw_array.hpp"

namespace videoonenet {

namespace detail {

struct SafetensorsType {
  std::string_view name;
  NumberType type;
};
inline constexpr SafetensorsType safetensors_types[] = {
    {"BOOL", NumberType::boolean}, {"U8", NumberType::u8},   {"I8", NumberType::i8},     {"U16", NumberType::u16},
    {"I16", NumberType::i16},      {"U32", NumberType::u32}, {"I32", NumberType::i32},   {"U64", NumberType::u64},
    {"I64", NumberType::i64},      {"F16", NumberType::f16}, {"BF16", NumberType::bf16}, {"F32", NumberType::f32},
    {"F64", NumberType::f64}};

/// What a header says.
struct SafetensorsHeader {
  struct Entry {
    std::string name;
    NumberType type;
    std::vector<Index> extents;
    std::uint64_t begin, end;  ///< of its bytes in the data
  };
  std::map<std::string, std::string> metadata;
  std::vector<Entry> entries;
};

[[noreturn]] inline void refuse_safetensors_array(const std::string& name, const std::string& array,
                                                  const char* defect) {
  throw InputError(sentence(name, ": the array \"", array, "\" ", defect));
}

// Templates, which a program can compile once (core/config.hpp): the JSON library takes long.

/// Parses JSON and refuses repeated keys and deep nesting, which the format forbids.
template <class Json>
Json parse_safetensors_json(std::span<const std::uint8_t> text, const std::string& name) {
  std::vector<std::set<std::string>> keys;
  const auto check = [&](int depth, typename Json::parse_event_t event, Json& parsed) {
    if (depth > 3) throw InputError(sentence(name, ": the safetensors header is nested too deeply"));
    if (event == Json::parse_event_t::object_start) {
      keys.emplace_back();
    } else if (event == Json::parse_event_t::object_end) {
      keys.pop_back();
    } else if (event == Json::parse_event_t::key && !keys.back().insert(parsed.template get<std::string>()).second) {
      throw InputError(
          sentence(name, ": the safetensors header names \"", parsed.template get<std::string>(), "\" twice"));
    }
    return true;
  };
  try {
    return Json::parse(text.begin(), text.end(), check);
  } catch (const typename Json::exception& e) {
    throw InputError(sentence(name, ": the safetensors header is not valid JSON (", e.what(), ")"));
  }
}

/// What the header says of one array.
template <class Json>
SafetensorsHeader::Entry parse_safetensors_entry(const std::string& name, const std::string& array, const Json& entry) {
  const auto refuse = [&](const char* defect) { refuse_safetensors_array(name, array, defect); };
  const auto natural = [&](const Json& value) {
    constexpr std::uint64_t limit = std::uint64_t(1) << 48;
    if (!value.is_number_unsigned() || value.template get<std::uint64_t>() > limit)
      refuse("has an extent or offset that is not a non-negative integer or is absurdly large");
    return value.template get<std::uint64_t>();
  };
  if (!entry.is_object() || entry.size() != 3 || !entry.contains("dtype") || !entry.contains("shape") ||
      !entry.contains("data_offsets"))
    refuse("does not have exactly the keys dtype, shape and data_offsets");
  const Json &dtype = entry["dtype"], &shape = entry["shape"], &offsets = entry["data_offsets"];
  const auto* type = std::ranges::find_if(safetensors_types, [&](const SafetensorsType& t) {
    return dtype.is_string() && dtype.template get_ref<const std::string&>() == t.name;
  });
  if (type == std::end(safetensors_types)) refuse("has an unknown dtype");
  if (!shape.is_array() || shape.size() > 32) refuse("has a shape that is not a list of at most 32 extents");
  std::vector<Index> extents;
  for (const Json& extent : shape) extents.push_back(static_cast<Index>(natural(extent)));
  if (!offsets.is_array() || offsets.size() != 2) refuse("has data_offsets that are not a pair");
  return {array, type->type, std::move(extents), natural(offsets[0]), natural(offsets[1])};
}

/// Reads a header, in the order of the names.
template <class Json>
SafetensorsHeader parse_safetensors_header(std::span<const std::uint8_t> text, const std::string& name) {
  const Json json = parse_safetensors_json<Json>(text, name);
  SafetensorsHeader header;
  for (const auto& [array, entry] : json.items()) {
    if (array != "__metadata__") {
      header.entries.push_back(parse_safetensors_entry<Json>(name, array, entry));
      continue;
    }
    if (!entry.is_object()) throw InputError(sentence(name, ": __metadata__ is not a JSON object"));
    for (const auto& [key, value] : entry.items()) {
      if (!value.is_string()) throw InputError(sentence(name, ": the metadata \"", key, "\" is not a string"));
      header.metadata[key] = value.template get<std::string>();
    }
  }
  return header;
}

/// Writes a header, in the order of its entries.
/// Errors: InputError when a name or a metadata string is not UTF-8.
template <class Json>
std::string write_safetensors_header(const SafetensorsHeader& header) {
  Json json = Json::object();
  if (!header.metadata.empty()) json["__metadata__"] = header.metadata;
  for (const auto& [name, type, extents, begin, end] : header.entries) {
    const auto* known = std::ranges::find(safetensors_types, type, &SafetensorsType::type);
    json[name] = {{"dtype", known->name}, {"shape", extents}, {"data_offsets", {begin, end}}};
  }
  try {
    return json.dump();
  } catch (const typename Json::exception&) {
    throw InputError("SafetensorsWriter: a name or a metadata string is not UTF-8");
  }
}

#ifdef VIDEOONENET_INSTANCE
VIDEOONENET_INSTANCE SafetensorsHeader parse_safetensors_header<nlohmann::json>(std::span<const std::uint8_t>,
                                                                                const std::string&);
VIDEOONENET_INSTANCE std::string write_safetensors_header<nlohmann::ordered_json>(const SafetensorsHeader&);
#endif

}  // namespace detail

/// A safetensors file in memory.
///
/// Errors: every constructor throws InputError naming the file and the defect: header length, JSON, types, shapes,
/// offsets out of bounds, overlapping or leaving holes, repeated names.
class Safetensors {
 public:
  /// Reads and validates a file.
  explicit Safetensors(const std::filesystem::path& path) : Safetensors(read_bytes(path), path.string()) {}
  /// Validates the bytes of a file called `name`.
  Safetensors(Bytes bytes, std::string name)
      : bytes_(std::make_shared<const Bytes>(std::move(bytes))), name_(std::move(name)) {
    parse();
  }

  /// String metadata, ordered by key.
  const std::map<std::string, std::string>& metadata() const { return metadata_; }
  /// One metadata value.
  /// Errors: InputError when the key is absent.
  const std::string& metadata(const std::string& key) const {
    const auto found = metadata_.find(key);
    if (found == metadata_.end()) throw InputError(sentence(name_, ": the metadata lacks the key \"", key, "\""));
    return found->second;
  }
  /// Names of all arrays, in alphabetical order.
  std::vector<std::string> names() const {
    std::vector<std::string> result;
    for (const auto& [name, array] : arrays_) result.push_back(name);
    return result;
  }
  bool contains(const std::string& array) const { return arrays_.contains(array); }

  /// One array as the file holds it; it refers to this object's memory.
  /// Errors: InputError when the name is absent.
  const RawArray& raw(const std::string& array) const {
    const auto found = arrays_.find(array);
    if (found == arrays_.end()) throw InputError(sentence(name_, ": there is no array called \"", array, "\""));
    return found->second;
  }
  /// Extents of one array.  Errors: as raw.
  const std::vector<Index>& extents(const std::string& array) const { return raw(array).extents; }
  /// The numbers of one array, row-major.  Errors: as raw; InputError for NaN and infinity unless allowed.
  template <class T>
  Buffer<T> values(const std::string& array, NonFinite non_finite = NonFinite::refuse) const {
    return to_buffer<T>(raw(array), sentence(name_, ": ", array), non_finite);
  }
  /// One array as a batch of videos by its rank (see video_shape).  Errors: as values.
  template <class T>
  Tensor<T> tensor(const std::string& array, NonFinite non_finite = NonFinite::refuse) const {
    return to_tensor<T>(raw(array), sentence(name_, ": ", array), non_finite);
  }

 private:
  struct Slice {
    std::uint64_t begin, end;
  };

  void parse() {
    constexpr std::uint64_t longest_header = 100'000'000;
    ByteReader reader(*bytes_, name_);
    const auto length = reader.little_endian<std::uint64_t>("the safetensors header length");
    if (length > longest_header)
      throw InputError(
          sentence(name_, ": a safetensors header of ", length, " bytes is absurdly long; is it a safetensors file?"));
    const auto text = reader.take(length, "the safetensors header");
    if (text.empty() || text[0] != '{')
      throw InputError(sentence(name_, ": not a safetensors file: its header does not begin with '{'"));
    detail::SafetensorsHeader header = detail::parse_safetensors_header<nlohmann::json>(text, name_);
    const auto data = reader.take(reader.left(), "the data");
    metadata_ = std::move(header.metadata);
    std::vector<Slice> slices;
    for (auto& entry : header.entries) slices.push_back(add(std::move(entry), data));
    std::ranges::sort(slices, {}, [](const Slice& s) { return std::pair(s.begin, s.end); });
    std::uint64_t position = 0;
    for (const Slice& slice : slices) {
      if (slice.begin != position)
        throw InputError(sentence(name_, ": the safetensors arrays overlap or leave a hole at byte ",
                                  std::min(position, slice.begin), " of the data"));
      position = slice.end;
    }
    if (position != data.size())
      throw InputError(sentence(name_, ": the safetensors header describes ", position, " bytes of data, but ",
                                data.size(), " are there"));
  }

  Slice add(detail::SafetensorsHeader::Entry entry, std::span<const std::uint8_t> data) {
    const Slice slice{entry.begin, entry.end};
    const auto refuse = [&](const char* defect) { detail::refuse_safetensors_array(name_, entry.name, defect); };
    if (slice.begin > slice.end || slice.end > data.size())
      refuse("has data_offsets outside the file; it may be truncated");
    const auto size = static_cast<std::uint64_t>(entry_count(entry.extents, name_) * bytes_of(entry.type));
    if (slice.end - slice.begin != size) refuse("has data_offsets that do not fit its shape and dtype");
    RawArray raw;
    raw.type = entry.type;
    raw.extents = std::move(entry.extents);
    raw.bytes = data.subspan(static_cast<std::size_t>(slice.begin), static_cast<std::size_t>(size));
    arrays_.emplace(std::move(entry.name), std::move(raw));
    return slice;
  }

  std::shared_ptr<const Bytes> bytes_;  // shared, because arrays_ points into it and copies must keep it alive
  std::string name_;
  std::map<std::string, std::string> metadata_;
  std::map<std::string, RawArray> arrays_;
};

/// Collects arrays and metadata, then writes them as one safetensors file; the same contents give the same bytes.
class SafetensorsWriter {
 public:
  /// Sets one metadata string.
  void set_metadata(const std::string& key, const std::string& value) { metadata_[key] = value; }

  /// Adds a copy of an array.
  /// Errors: ShapeError when the extents do not fit; InputError when the name is taken or reserved.
  template <class T>
  void add(const std::string& name, std::span<const T> values, std::vector<Index> extents) {
    require_size(std::ssize(values), entry_count(extents, name), "SafetensorsWriter::add", name.c_str());
    const auto bytes = as_file_bytes(values);
    Array array{number_type_of<T>(), std::move(extents), Bytes(bytes.begin(), bytes.end())};
    if (name == "__metadata__" || !arrays_.emplace(name, std::move(array)).second)
      throw InputError(sentence("SafetensorsWriter::add: the name \"", name, "\" is reserved or already there"));
  }
  /// Adds a copy of a video as (T,H,W,F), or of a batch as (N,T,H,W,F).  Errors: as above.
  template <class T>
  void add(const std::string& name, const View<T>& video) {
    add<std::remove_const_t<T>>(name, video.flat(), video_extents(video.shape));
  }

  /// The whole file: widest numbers first, so that every array is aligned; then by name.
  /// Errors: InputError when a name or a metadata string is not UTF-8.
  Bytes bytes() const {
    std::vector<const std::pair<const std::string, Array>*> order;
    for (const auto& entry : arrays_) order.push_back(&entry);
    std::ranges::stable_sort(order, std::greater{}, [](const auto* e) { return bytes_of(e->second.type); });
    detail::SafetensorsHeader header{metadata_, {}};
    std::size_t position = 0;
    for (const auto* entry : order) {
      const auto& [name, array] = *entry;
      header.entries.push_back({name, array.type, array.extents, position, position + array.bytes.size()});
      position += array.bytes.size();
    }
    std::string text = detail::write_safetensors_header<nlohmann::ordered_json>(header);
    text.append((8 - text.size() % 8) % 8, ' ');
    Bytes file;
    for (int shift = 0; shift < 64; shift += 8)
      file.push_back(static_cast<std::uint8_t>(std::uint64_t(text.size()) >> shift));
    file.insert(file.end(), text.begin(), text.end());
    for (const auto* entry : order) file.insert(file.end(), entry->second.bytes.begin(), entry->second.bytes.end());
    return file;
  }

  /// Writes the file atomically.  Errors: InputError when it cannot be written.
  void write(const std::filesystem::path& path) const { write_bytes(path, {bytes()}); }

 private:
  struct Array {
    NumberType type;
    std::vector<Index> extents;
    Bytes bytes;
  };
  std::map<std::string, std::string> metadata_;
  std::map<std::string, Array> arrays_;
};

}  // namespace videoonenet
