// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The command line of a program, by CLI11, which only command_line.cpp includes: it takes long to compile.

#include <charconv>
#include <concepts>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "videoonenet/core/errors.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace program {

/// Says what is wrong with the text of an option; nothing when it is good.
using Check = std::function<std::string(const std::string& text)>;

/// Accepts finite numbers that are `good`; CLI11's own checks let NaN pass and print limits of 300 digits.
Check number(const char* expected, std::function<bool(double)> good);
Check positive();
Check non_negative();
/// Whether a name can stand in CSV and Markdown tables.
bool suits_tables(const std::string& name);
/// Accepts such names.
Check table_name();

/// Accepts whole numbers from `least` to `most`; CLI11 would turn -1 into the largest unsigned number.
template <std::integral Integer>
Check whole(Integer least, Integer most = std::numeric_limits<Integer>::max()) {
  return [=](const std::string& text) {
    Integer value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc() && end == text.data() + text.size() && value >= least && value <= most)
      return std::string();
    return videoonenet::sentence("\"", text, "\" is not a whole number from ", least,
                                 most < Integer(1) << 30 ? videoonenet::sentence(" to ", most) : " on");
  };
}

/// One option of a command line; refers to it.
class Option {
 public:
  Option(CLI::Option* option, std::string value) : option_(option), value_(std::move(value)) {}

  Option& type_name(const char* name);
  Option& check(const Check& check);
  Option& required();
  /// Several values may stand in one word with this between them.
  Option& delimiter(char between);
  /// Shows the present value as the default.
  Option& capture_default_str();

  bool is_given() const;
  std::string name() const;

 private:
  CLI::Option* option_;
  std::string value_;
};

/// Options by name, each with the variable that it sets.
class CommandLine {
 public:
  CommandLine(const std::string& description, const std::string& program);
  ~CommandLine();

  /// The heading in --help above the options that follow.
  void group(const std::string& heading);
  Option add_option(const std::string& name, std::string& value, const std::string& what);
  Option add_option(const std::string& name, std::vector<std::string>& values, const std::string& what);
  Option add_option(const std::string& name, std::optional<std::string>& value, const std::string& what);
  /// A number; give it a check.
  template <class Number>
    requires std::is_arithmetic_v<Number>
  Option add_option(const std::string& name, Number& value, const std::string& what) {
    return add_option(name, set(value), what, videoonenet::sentence(value));
  }
  template <class Number>
  Option add_option(const std::string& name, std::optional<Number>& value, const std::string& what) {
    return add_option(name, set(value), what);
  }
  /// An option whose text `set` takes.
  Option add_option(const std::string& name, const std::function<void(const std::string&)>& set,
                    const std::string& what, const std::string& value = "");
  Option add_flag(const std::string& name, bool& value, const std::string& what);
  /// What --help ends with.
  void footer(const std::string& text);

  std::string program() const;
  /// Sets all variables.
  /// Returns an exit code when the program is to end: after --help, or after a complaint on standard error.
  std::optional<int> parse(int argc, char** argv);

 private:
  template <class Variable>
  static std::function<void(const std::string&)> set(Variable& variable) {
    return [&variable](const std::string& text) {
      if constexpr (std::is_arithmetic_v<Variable>)
        std::from_chars(text.data(), text.data() + text.size(), variable);
      else
        set(variable.emplace())(text);
    };
  }

  std::unique_ptr<CLI::App> app_;
  std::string group_;
};

}  // namespace program
