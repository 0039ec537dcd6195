#include "keys.hpp"

#include <gmock/gmock.h>

using namespace demo;
using testing::ElementsAre;
using testing::IsEmpty;
using meaning = key_press::meaning;

namespace {

key_press press(meaning kind) {
  return {kind};
}

key_press act(action what) {
  return {meaning::act, what};
}

} // namespace

TEST(keys, every_binding_has_a_key_of_its_own) {
  for (const auto& entry : bindings()) {
    key_decoder decoder;
    EXPECT_THAT(decoder.feed({&entry.key, 1}), ElementsAre(act(entry.what)))
      << entry.key;
  }
}

TEST(keys, many_in_one_read) {
  key_decoder decoder;
  EXPECT_THAT(decoder.feed("cT?q\x03\x1a\x0c"),
              ElementsAre(act(action::call), press(meaning::traffic_all),
                          press(meaning::help), press(meaning::quit),
                          press(meaning::interrupt), press(meaning::suspend),
                          press(meaning::redraw)));
}

TEST(keys, digits_pick_a_tool) {
  key_decoder decoder;
  EXPECT_THAT(decoder.feed("3"), ElementsAre(key_press{meaning::pick, {}, 2}));
}

TEST(keys, arrows_in_both_modes) {
  key_decoder decoder;
  EXPECT_THAT(decoder.feed("\x1b[A\x1b[B\x1bOA\x1bOB\x1b[Z\t"),
              ElementsAre(press(meaning::up), press(meaning::down),
                          press(meaning::up), press(meaning::down),
                          press(meaning::up), press(meaning::down)));
}

TEST(keys, a_sequence_may_come_in_pieces) {
  key_decoder decoder;
  EXPECT_THAT(decoder.feed("\x1b"), IsEmpty());
  EXPECT_THAT(decoder.feed("["), IsEmpty());
  EXPECT_THAT(decoder.feed("1;5"), IsEmpty());
  EXPECT_THAT(decoder.feed("Bq"),
              ElementsAre(press(meaning::down), press(meaning::quit)));
}

TEST(keys, a_lone_escape_is_a_key_once_nothing_follows) {
  key_decoder decoder;
  EXPECT_THAT(decoder.idle(), IsEmpty());
  EXPECT_THAT(decoder.feed("\x1b"), IsEmpty());
  EXPECT_THAT(decoder.idle(), ElementsAre(press(meaning::other)));
  EXPECT_THAT(decoder.feed("A"), ElementsAre(press(meaning::other)));
}

TEST(keys, keys_within_unknown_sequences_do_nothing) {
  key_decoder decoder;
  // F5, Delete, Alt-k: none of them kills a service.
  EXPECT_THAT(decoder.feed("\x1b[15~\x1b[3~\x1bk"),
              ElementsAre(press(meaning::other), press(meaning::other),
                          press(meaning::other)));
}

TEST(keys, an_endless_sequence_ends) {
  key_decoder decoder;
  decoder.feed("\x1b[" + std::string(100, '1'));
  EXPECT_THAT(decoder.idle(), testing::SizeIs(testing::Le(1u)));
  EXPECT_THAT(decoder.feed("q"), ElementsAre(press(meaning::quit)));
}
