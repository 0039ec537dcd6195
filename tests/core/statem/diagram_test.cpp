#include "switchgear/statem/diagram.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace switchgear::statem::test {

namespace {

enum class light { red, green };

struct light_types {
  using state = light;
  using data = int;
  using message = int;
  using reply = int;
};

struct traffic_light : state_functions<traffic_light, light_types> {
  transition any(const event&, int&) {
    return keep_state();
  }

  static constexpr auto states() {
    return std::array{row{light::red, "red", &traffic_light::any},
                      row{light::green, "green", &traffic_light::any}};
  }

  static constexpr auto edges() {
    return std::array{edge<light>{light::red, light::green, "go"},
                      edge<light>{light::green, light::red, ""}};
  }
};

struct unknown_edges : state_functions<unknown_edges, light_types> {
  transition any(const event&, int&) {
    return keep_state();
  }

  static constexpr auto states() {
    return std::array{row{light::red, "red", &unknown_edges::any}};
  }
};

TEST(diagram, lists_states_and_edges_by_name) {
  const auto all = list_machine<traffic_light>();
  ASSERT_EQ(all.states.size(), 2u);
  EXPECT_EQ(all.states[0], "red");
  EXPECT_EQ(all.states[1], "green");
  ASSERT_EQ(all.edges.size(), 2u);
  EXPECT_EQ(all.edges[0].from, "red");
  EXPECT_EQ(all.edges[0].to, "green");
  EXPECT_EQ(all.edges[0].label, "go");
}

TEST(diagram, a_machine_need_not_declare_edges) {
  const auto all = list_machine<unknown_edges>();
  EXPECT_EQ(all.states.size(), 1u);
  EXPECT_TRUE(all.edges.empty());
  EXPECT_TRUE(unknown_edges{}.allows(light::red, light::green));
}

TEST(diagram, names_states) {
  EXPECT_EQ(state_name<traffic_light>(light::green), "green");
  EXPECT_EQ(state_name<unknown_edges>(light::green), "?");
}

TEST(diagram, is_mermaid) {
  EXPECT_EQ(to_mermaid(list_machine<traffic_light>()), "stateDiagram-v2\n"
                                                       "  [*] --> red\n"
                                                       "  red --> green : go\n"
                                                       "  green --> red\n");
}

TEST(diagram, can_mark_the_current_state) {
  EXPECT_EQ(to_mermaid(list_machine<traffic_light>(), "green"),
            "stateDiagram-v2\n"
            "  [*] --> red\n"
            "  red --> green : go\n"
            "  green --> red\n"
            "  classDef current font-weight:bold,stroke-width:3px\n"
            "  class green current\n");
}

TEST(diagram, of_nothing_is_empty) {
  EXPECT_EQ(to_mermaid({}), "stateDiagram-v2\n");
}

TEST(event_type, has_gen_statems_names) {
  EXPECT_STREQ(to_string(event_type::enter), "enter");
  EXPECT_STREQ(to_string(event_type::call), "call");
  EXPECT_STREQ(to_string(event_type::cast), "cast");
  EXPECT_STREQ(to_string(event_type::info), "info");
  EXPECT_STREQ(to_string(event_type::internal), "internal");
  EXPECT_STREQ(to_string(event_type::event_timeout), "timeout");
  EXPECT_STREQ(to_string(event_type::state_timeout), "state_timeout");
  EXPECT_STREQ(to_string(event_type::generic_timeout), "generic_timeout");
}

} // namespace

} // namespace switchgear::statem::test
