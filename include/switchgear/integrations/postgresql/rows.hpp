#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace switchgear {

/// A value in a row, as PostgreSQL writes it; none: NULL.
using pg_value = std::optional<std::string>;

/// What stands for `$1`, `$2`... in a statement: text, a number, a truth value,
/// or `std::nullopt` for NULL. It travels as text; the server knows the type.
class pg_param {
public:
  pg_param(std::nullopt_t) { // NOLINT: all of these are meant to convert
    // nop
  }

  pg_param(std::string text) : text_(std::move(text)) { // NOLINT
    // nop
  }

  pg_param(std::string_view text) : text_(text) { // NOLINT
    // nop
  }

  pg_param(const char* text) : text_(text) { // NOLINT
    // nop
  }

  pg_param(pg_value value) : text_(std::move(value)) { // NOLINT
    // nop
  }

  template <std::same_as<bool> T>
  pg_param(T value) : text_(value ? "true" : "false") { // NOLINT
    // nop
  }

  template <std::integral T>
  requires(!std::same_as<T, bool>) pg_param(T value)
    : text_(std::to_string(value)) { // NOLINT
    // nop
  }

  /// With all digits that make a difference.
  pg_param(double value); // NOLINT

  const pg_value& text() const noexcept {
    return text_;
  }

private:
  pg_value text_;
};

/// What the server says of a statement that it refuses.
struct pg_error {
  /// Five characters, e.g. `23505` for a key that is there already. PostgreSQL
  /// documents them in its appendix A.
  std::string sqlstate;
  std::string message;
  std::string detail;     ///< May be empty.
  std::string constraint; ///< The name of the one that was violated, if any.

  /// Whether the same transaction may well succeed when it is tried again: it
  /// was in the way of another one (`40001`, `40P01`).
  bool retryable() const noexcept {
    return sqlstate == "40001" || sqlstate == "40P01";
  }

  /// `23505: duplicate key value violates unique constraint "users_pkey"`
  std::string to_string() const {
    return sqlstate + ": " + message;
  }
};

/// Thrown by whoever takes rows from an answer that is a refusal.
class pg_refused : public std::runtime_error {
public:
  explicit pg_refused(pg_error why)
    : std::runtime_error(why.to_string()),
      why_(std::move(why)) {
    // nop
  }

  const pg_error& why() const noexcept {
    return why_;
  }

private:
  pg_error why_;
};

/// The answer to a statement: rows, or the server's refusal of a statement that
/// is wrong. A refusal is the caller's to mend; the server is well.
class pg_rows {
public:
  using row = std::vector<pg_value>;

  pg_rows() = default;

  pg_rows(std::vector<std::string> columns, std::vector<row> rows,
          std::uint64_t affected)
    : columns_(std::move(columns)),
      rows_(std::move(rows)),
      affected_(affected) {
    // nop
  }

  explicit pg_rows(pg_error refusal) : refusal_(std::move(refusal)) {
    // nop
  }

  /// Whether the statement was carried out. If not, `refusal` says why, and
  /// all else throws `pg_refused`.
  bool ok() const noexcept {
    return !refusal_;
  }

  /// Null if the statement was carried out.
  const pg_error* refusal() const noexcept {
    return refusal_ ? &*refusal_ : nullptr;
  }

  std::size_t size() const {
    return all().size();
  }

  bool empty() const {
    return all().empty();
  }

  /// @throws std::out_of_range if there is no such row
  const row& operator[](std::size_t index) const {
    return all().at(index);
  }

  /// A value by row and name of the column.
  /// @throws std::out_of_range if there is none
  const pg_value& at(std::size_t index, std::string_view column) const;

  auto begin() const {
    return all().begin();
  }

  auto end() const {
    return all().end();
  }

  const std::vector<std::string>& columns() const {
    all();
    return columns_;
  }

  /// Rows that were inserted, updated, deleted or selected.
  std::uint64_t affected() const {
    all();
    return affected_;
  }

private:
  const std::vector<row>& all() const {
    if (refusal_)
      throw pg_refused{*refusal_};
    return rows_;
  }

  std::vector<std::string> columns_;
  std::vector<row> rows_;
  std::uint64_t affected_ = 0;
  std::optional<pg_error> refusal_;
};

} // namespace switchgear
