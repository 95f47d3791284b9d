// SPDX-FileCopyrightText: 2026 the videoonenet authors
// SPDX-License-Identifier: MIT
/// @file
/// The command line by CLI11.

#include "support/command_line.hpp"

#include <CLI/CLI.hpp>
#include <cmath>
#include <iostream>
#include <sstream>
#include <utility>

#include "support/program.hpp"

namespace program {

namespace {

/// Help whose descriptions are broken into lines.
class WrappedHelp : public CLI::Formatter {
 public:
  std::string make_option_desc(const CLI::Option* option) const override {
    constexpr std::size_t width = 86;
    std::istringstream words(CLI::Formatter::make_option_desc(option));
    std::string text, line;
    for (std::string word; words >> word; line += word) {
      if (line.size() + 1 + word.size() > width) text += std::exchange(line, "") + "\n";
      if (!line.empty()) line += ' ';
    }
    return text + line;
  }
};

}  // namespace

Check number(const char* expected, std::function<bool(double)> good) {
  return [=](const std::string& text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole_text = error == std::errc() && end == text.data() + text.size();
    return whole_text && std::isfinite(value) && good(value)
               ? std::string()
               : videoonenet::sentence("\"", text, "\" is not ", expected);
  };
}
Check positive() {
  return number("a positive number", [](double v) { return v > 0; });
}
bool suits_tables(const std::string& name) { return name.find_first_of(",\"\n\r|") == std::string::npos; }
Check table_name() {
  return [](const std::string& text) {
    return suits_tables(text) ? std::string()
                              : videoonenet::sentence("\"", text, "\" has a character that a table cannot hold");
  };
}
Check non_negative() {
  return number("zero or a positive number", [](double v) { return v >= 0; });
}

Option& Option::type_name(const char* name) {
  option_->type_name(name);
  return *this;
}
Option& Option::check(const Check& check) {
  option_->check(CLI::Validator([check](std::string& text) { return check(text); }, ""));
  return *this;
}
Option& Option::required() {
  option_->required();
  return *this;
}
Option& Option::delimiter(char between) {
  option_->delimiter(between);
  return *this;
}
Option& Option::capture_default_str() {
  option_->capture_default_str();
  if (!value_.empty()) option_->default_str(value_);
  return *this;
}
bool Option::is_given() const { return option_->count() > 0; }
std::string Option::name() const { return option_->get_name(); }

CommandLine::CommandLine(const std::string& description, const std::string& program)
    : app_(std::make_unique<CLI::App>(description, program)) {
  app_->formatter(std::make_shared<WrappedHelp>());
}
CommandLine::~CommandLine() = default;

void CommandLine::group(const std::string& heading) { app_->option_defaults()->group(heading); }
Option CommandLine::add_option(const std::string& name, std::string& value, const std::string& what) {
  return {app_->add_option(name, value, what), ""};
}
Option CommandLine::add_option(const std::string& name, std::vector<std::string>& values, const std::string& what) {
  return {app_->add_option(name, values, what), ""};
}
Option CommandLine::add_option(const std::string& name, std::optional<std::string>& value, const std::string& what) {
  return {app_->add_option(name, value, what), ""};
}
Option CommandLine::add_option(const std::string& name, const std::function<void(const std::string&)>& set,
                               const std::string& what, const std::string& value) {
  return {app_->add_option_function<std::string>(name, set, what), value};
}
Option CommandLine::add_flag(const std::string& name, bool& value, const std::string& what) {
  return {app_->add_flag(name, value, what), ""};
}
void CommandLine::footer(const std::string& text) { app_->footer(text); }
std::string CommandLine::program() const { return app_->get_name(); }

std::optional<int> CommandLine::parse(int argc, char** argv) {
  try {
    app_->parse(argc, argv);
    return std::nullopt;
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return app_->exit(e);  // --help
    std::cerr << program() << ": " << e.what() << "; see " << program() << " --help" << std::endl;
    return bad_input;
  }
}

}  // namespace program
