// Names that end-to-end tests find things by (`data-testid`). They are part of
// the page's contract: rename none without renaming it in the tests.
//
//   wall               the list of all breakers
//   group-open, group-half_open, group-closed
//                      a section of the wall; data-count says how many are in it
//   card               one breaker on the wall; data-tool-id, data-state, data-mode
//   breaker            the page of one breaker; data-tool-id, data-state, data-mode
//   state, reason, countdown
//                      within a card and within the page of a breaker
//   diagram            the state diagram; data-current
//   timeline           the charts
//   window, permits    results in the window, probes; data-window has the text as served
//   transitions, failures
//                      lists; their items are `li`
//   events             a list of events (strip and page); event: one; data-kind, data-tool-id
//   action-…           buttons: reset, force_open, isolate, force_closed, disable,
//                      metrics_only, auto; reset_all is on the wall
//   confirm, cancel, confirm-reason
//                      in the dialog that asks before an action
//   control            a control of the program; data-control-id, aria-pressed
//   signin             the button in the header (data-signed-in=true|false);
//   signin-dialog, token, signin-submit, signin-error
//                      the dialog that it, or an action without a token, opens
//   stale              the banner over old data, there only while data is old
//   connection         data-state = live | stale | lost
//   search             the search box
//   config-edit        opens the form; config-field (data-name) is an input of it,
//   config-error       (data-name) the server's objection to one field,
//   config-diff        what would change, config-apply applies it
//   theme              the switch; data-theme = system | light | dark
//   notice             the short message after something was done or refused
export const hook = {
  wall: 'wall',
  card: 'card',
  breaker: 'breaker',
  state: 'state',
  reason: 'reason',
  countdown: 'countdown',
  diagram: 'diagram',
  timeline: 'timeline',
  window: 'window',
  permits: 'permits',
  transitions: 'transitions',
  failures: 'failures',
  events: 'events',
  event: 'event',
  confirm: 'confirm',
  confirmReason: 'confirm-reason',
  cancel: 'cancel',
  control: 'control',
  signin: 'signin',
  signinDialog: 'signin-dialog',
  token: 'token',
  signinSubmit: 'signin-submit',
  signinError: 'signin-error',
  stale: 'stale',
  connection: 'connection',
  search: 'search',
  configEdit: 'config-edit',
  configField: 'config-field',
  configError: 'config-error',
  configDiff: 'config-diff',
  configApply: 'config-apply',
  theme: 'theme',
  notice: 'notice',
  group: (state: string): string => `group-${state}`,
  action: (name: string): string => `action-${name}`,
} as const;
