// Statements and a transaction through a breaker: postgresql CONNECTION.
// A wrong statement is an answer; only a server that does not do its work trips
// the breaker.

#include "switchgear/integrations/postgresql.hpp"
#include "switchgear/switchgear.hpp"

#include <iostream>

using namespace std::chrono_literals;
using switchgear::pg_rows;

int main(int, char* arguments[]) {
  switchgear::runtime rt;
  switchgear::postgresql_client shop{
    rt.breaker("shop", switchgear::presets::database()),
    {.connection = arguments[1],
     .connect_timeout = 10s,
     .statement_timeout = 10s}};

  shop.query("create table stock (item text primary key, "
             "pieces int check (pieces >= 0))");
  shop.query("insert into stock values ($1, $2)", {"tea", 3});

  // Both or none.
  const auto sell = [&](int pieces) {
    return shop.transaction([&](switchgear::pg_transaction& tx) {
      tx.query("insert into stock values ('sold', 0) on conflict do nothing");
      tx.query("update stock set pieces = pieces + $1 where item = 'sold'",
               {pieces});
      return tx.query("update stock set pieces = pieces - $1 "
                      "where item = 'tea' returning pieces",
                      {pieces});
    });
  };
  for (int pieces : {2, 2}) {
    const auto left = sell(pieces);
    if (!left)
      std::cout << left.error().to_string() << '\n'; // the server's failure
    else if (const auto* why = left->refusal())
      std::cout << "refused by " << why->constraint << '\n'; // ours
    else
      std::cout << *left->at(0, "pieces") << " left\n";
  }
  const auto rows = shop.query("select item, pieces from stock order by item");
  for (const auto& row : *rows)
    std::cout << *row[0] << ": " << *row[1] << '\n';
  std::cout << to_string(shop.breaker().state()) << '\n';
}
