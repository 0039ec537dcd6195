#include <algorithm>
#include <stdexcept>
#include <type_traits>

#include <nlohmann/json.hpp>

#include "../one_line.hpp"
#include "json.hpp"
#include "switchgear/breaker/config_catalogue.hpp"
#include "switchgear/breaker/config_fields.hpp"
#include "switchgear/detail/duration_text.hpp"

namespace switchgear::admin {

namespace {

constexpr std::size_t longest_reason = 200;
constexpr int deepest = 8;

template <class T>
json value_of(const T& setting) {
  if constexpr (std::is_same_v<T, duration>)
    return detail::duration_text(setting);
  else
    return setting;
}

template <class T>
constexpr const char* type_of() {
  if constexpr (std::is_same_v<T, duration>)
    return "duration";
  else if constexpr (std::is_same_v<T, bool>)
    return "boolean";
  else if constexpr (std::is_floating_point_v<T>)
    return "number";
  else
    return "integer";
}

/// What a value must be like, whatever it is worth.
template <class T>
constexpr const char* kind_of() {
  if constexpr (std::is_same_v<T, duration>)
    return "a time with its unit, e.g. \"500ms\" or \"30s\"";
  else if constexpr (std::is_same_v<T, bool>)
    return "true or false";
  else if constexpr (std::is_floating_point_v<T>)
    return "a number";
  else
    return "a whole number, 0 to 4294967295";
}

/// @returns whether it was understood.
template <class T>
bool read_value(const json& from, T& into) {
  if constexpr (std::is_same_v<T, duration>) {
    if (!from.is_string())
      return false;
    const auto got
      = detail::parse_duration(from.template get_ref<const std::string&>());
    if (got)
      into = *got;
    return got.has_value();
  } else if constexpr (std::is_same_v<T, bool>) {
    if (from.is_boolean())
      into = from.template get<bool>();
    return from.is_boolean();
  } else if constexpr (std::is_floating_point_v<T>) {
    if (from.is_number())
      into = from.template get<T>();
    return from.is_number();
  } else {
    if (!from.is_number_unsigned()
        || from.template get<std::uint64_t>() > 0xffff'ffffU)
      return false;
    into = from.template get<T>();
    return true;
  }
}

std::string all_names() {
  std::string result;
  for_each_config_field([&](const auto& field) {
    result += (result.empty() ? "one of " : ", ") + std::string{field.name};
  });
  return result;
}

std::string shown(const json& value) {
  auto text = dump(value);
  if (text.size() > 100)
    text.replace(97, text.npos, "...");
  return text;
}

/// The object that a body is.
std::optional<json> read_object(const std::string& body,
                                std::vector<config_error>& errors) {
  // Nothing that is understood is nested. What is, deeply, would be written
  // and freed by functions that call themselves.
  const auto check = [](int depth, json::parse_event_t, const json&) {
    if (depth > deepest)
      throw std::length_error{"nested"};
    return true;
  };
  try {
    auto result = json::parse(body, check, false);
    if (result.is_object())
      return result;
  } catch (const std::length_error&) {
    // It is no better than one that is no object.
  }
  errors.push_back({"body", shown(body), "a JSON object of plain values"});
  return std::nullopt;
}

} // namespace

json to_json(const config& settings) {
  auto result = json::object();
  for_each_config_field([&](const auto& field) {
    result[std::string{field.name}] = value_of(settings.*field.value);
  });
  return result;
}

json form_of(const config& settings) {
  const config defaults;
  auto fields = json::array();
  auto words = config_catalogue().begin();
  for_each_config_field([&](const auto& field) {
    using type = std::decay_t<decltype(settings.*field.value)>;
    fields.push_back({{"name", field.name},
                      {"type", type_of<type>()},
                      {"unit", words->unit},
                      {"default", value_of(defaults.*field.value)},
                      {"value", value_of(settings.*field.value)},
                      {"allowed", allowed_values(settings, field.name)},
                      {"meaning", words->meaning}});
    ++words;
  });
  return {{"values", to_json(settings)}, {"fields", std::move(fields)}};
}

std::vector<config_error> read_settings(const std::string& body,
                                        config& settings) {
  std::vector<config_error> errors;
  const auto object = read_object(body, errors);
  if (!object)
    return errors;
  for (const auto& [key, value] : object->items()) {
    bool known = false;
    for_each_config_field([&](const auto& field) {
      if (field.name != key)
        return;
      known = true;
      auto& setting = settings.*field.value;
      using type = std::decay_t<decltype(setting)>;
      if (!read_value(value, setting))
        errors.push_back({key, shown(value), kind_of<type>()});
    });
    if (!known)
      errors.push_back({key, shown(value), all_names()});
  }
  if (errors.empty())
    errors = validate(settings);
  return errors;
}

expected<std::string, config_error> read_reason(const std::string& body) {
  if (body.empty())
    return std::string{};
  std::vector<config_error> errors;
  const auto object = read_object(body, errors);
  if (!object)
    return make_unexpected(std::move(errors.front()));
  std::string result;
  for (const auto& [key, value] : object->items()) {
    if (key != "reason")
      return make_unexpected(config_error{key, shown(value), "reason"});
    if (!value.is_string())
      return make_unexpected(config_error{key, shown(value), "a text"});
    result = value.get<std::string>();
  }
  if (result.size() > longest_reason || one_line(result) != result)
    return make_unexpected(config_error{
      "reason", shown(result), "a text of 200 bytes at the most, in one line"});
  return result;
}

} // namespace switchgear::admin
