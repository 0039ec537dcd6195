#include "switchgear/supervision/child_table.hpp"

#include <gtest/gtest.h>

#include <string>

namespace switchgear::supervision {

namespace {

child_spec<int> child(std::string id) {
  return {std::move(id), [] { return 1; }, {}, {}, {}};
}

std::string ids(const child_table<int>& table) {
  std::string result;
  table.for_each([&](const auto& x) { result += x.spec.id; });
  return result;
}

TEST(child_table, keeps_start_order) {
  child_table<int> table;
  for (const auto* id : {"c", "a", "b"})
    table.add(child(id));
  EXPECT_EQ(ids(table), "cab");
  table.remove(*table.find("c"));
  table.add(child("c"));
  EXPECT_EQ(ids(table), "abc");
  EXPECT_EQ(table.size(), 3u);
}

TEST(child_table, finds_by_id_and_by_key) {
  child_table<int> table;
  auto& a = table.add(child("a"));
  // Too long for the string object itself: what the index refers to must stay.
  const auto* name = "an id that is too long for the small-string buffer";
  auto& b = table.add(child(name));
  EXPECT_EQ(table.find("a"), &a);
  EXPECT_EQ(table.find(name), &b);
  EXPECT_EQ(table.find(a.key), &a);
  EXPECT_EQ(table.find("x"), nullptr);
  const auto key = b.key;
  table.remove(b);
  EXPECT_EQ(table.find(name), nullptr);
  EXPECT_EQ(table.find(key), nullptr);
}

TEST(child_table, a_key_is_not_used_again) {
  child_table<int> table;
  const auto key = table.add(child("a")).key;
  table.remove(*table.find("a"));
  EXPECT_GT(table.add(child("a")).key, key);
}

TEST(child_table, walks_both_ways) {
  child_table<int> table;
  auto& a = table.add(child("a"));
  auto& b = table.add(child("b"));
  auto& c = table.add(child("c"));
  EXPECT_EQ(table.first_from(0), &a);
  EXPECT_EQ(table.first_from(b.key), &b);
  EXPECT_EQ(table.first_from(b.key + 1), &c);
  EXPECT_EQ(table.first_from(c.key + 1), nullptr);
  EXPECT_EQ(table.last_before(c.key + 1), &c);
  EXPECT_EQ(table.last_before(c.key), &b);
  EXPECT_EQ(table.last_before(a.key), nullptr);
}

TEST(child_table, survives_a_move) {
  child_table<int> table;
  auto* a = &table.add(child("a"));
  auto moved = std::move(table);
  EXPECT_EQ(moved.find("a"), a);
  EXPECT_EQ(ids(moved), "a");
}

} // namespace

} // namespace switchgear::supervision
