#include "transaction.hpp"

#include <algorithm>

namespace switchgear {

namespace {

// The protocol counts them in 16 bits.
constexpr std::size_t most_params = 65'535;

} // namespace

std::optional<pg_error> unspeakable_in(const std::string& sql,
                                       const std::vector<pg_param>& params) {
  const auto cut = [](const pg_value& text) {
    return text && text->find('\0') != std::string::npos;
  };
  if (params.size() > most_params)
    return pg_error{"54023",
                    std::to_string(params.size()) + " parameters: must be "
                      + std::to_string(most_params) + " or fewer",
                    {},
                    {}};
  if (cut(sql)
      || std::ranges::any_of(params, cut, [](auto& x) { return x.text(); }))
    return pg_error{"22021", "there is a zero byte in the text", {}, {}};
  return std::nullopt;
}

expected<pg_rows, failure>
pg_transaction::query(const std::string& sql,
                      const std::vector<pg_param>& params) {
  return body_.query(sql, params);
}

expected<pg_rows, failure>
pg_transaction::body::query(const std::string& sql,
                            const std::vector<pg_param>& params) {
  if (failed_)
    return make_unexpected(*failed_);
  if (auto bad = unspeakable_in(sql, params))
    return pg_rows{std::move(*bad)};
  auto answer = on_.run(sql, params);
  if (!answer)
    failed_ = answer.error();
  else if (const auto* refusal = answer->refusal())
    refused_ = *refusal;
  return answer;
}

expected<pg_rows, failure>
pg_transaction::body::end(const expected<pg_rows, failure>& wanted) {
  if (failed_)
    return make_unexpected(*failed_);
  const bool lame = on_.aborted();
  const bool commit = wanted && wanted->ok() && !lame;
  auto ended = on_.run(commit ? "commit" : "rollback", {});
  if (!ended && commit)
    return make_unexpected(ended.error().with_message(
      "whether it was committed is not known: " + ended.error().message()));
  // A constraint may be checked only now.
  if (!ended || ended->refusal() || !wanted)
    return ended;
  if (lame && wanted->ok() && refused_)
    return pg_rows{*refused_};
  return wanted;
}

} // namespace switchgear
