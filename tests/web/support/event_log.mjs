// The events as the server tells them, to compare the page with.

/** All that the server still has, up to now: [{ id, type, data }]. */
export async function eventLog(url) {
  const stop = new AbortController();
  const response = await fetch(new URL('api/events', url), { signal: stop.signal });
  const result = [];
  let last = Infinity;
  try {
    for await (const { type, id, data } of messages(response.body)) {
      if (type === 'hello') last = data.last;
      else result.push({ type, id, data });
      if (Number(id?.split('-').at(-1) ?? 0) >= last || last === 0) break;
    }
  } finally {
    stop.abort();
  }
  return result;
}

async function* messages(body) {
  let text = '';
  for await (const bytes of body.pipeThrough(new TextDecoderStream())) {
    text += bytes;
    for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2)) {
      const fields = Object.fromEntries(text.slice(0, end).split('\n')
        .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trimStart()]));
      if (fields.data !== undefined) yield { type: fields.event, id: fields.id, data: JSON.parse(fields.data) };
    }
  }
}
