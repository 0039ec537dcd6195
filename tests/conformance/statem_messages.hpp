#pragma once

#include <caf/type_id.hpp>

#include "switchgear/actor/type_ids.hpp"

/// The messages of the actor that runs a scripted machine.
CAF_BEGIN_TYPE_ID_BLOCK(conformance, caf::id_block::switchgear::end)

  /// (content)
  CAF_ADD_ATOM(conformance, switchgear::conformance, cast_atom)
  /// (content)
  CAF_ADD_ATOM(conformance, switchgear::conformance, info_atom)
  /// (id, content) -> reply
  CAF_ADD_ATOM(conformance, switchgear::conformance, call_atom)
  /// (operation, argument, number) -> answer
  CAF_ADD_ATOM(conformance, switchgear::conformance, system_atom)
  /// To the client: send what the scenario says
  CAF_ADD_ATOM(conformance, switchgear::conformance, send_atom)
  /// To the client: (what the one who started the machine gets)
  CAF_ADD_ATOM(conformance, switchgear::conformance, started_atom)
  /// To the client: (line), from a machine's callbacks
  CAF_ADD_ATOM(conformance, switchgear::conformance, trace_atom)

CAF_END_TYPE_ID_BLOCK(conformance)
