// A small app that knows nothing of this project: it answers words, a command, a button and a modal.
// Environment: API (base address), MODE (socket or http), PORT (http only). Prints "ready" when it listens.
const { App, LogLevel } = require("@slack/bolt");

const socketMode = process.env.MODE === "socket";
const plain = (text) => ({ type: "plain_text", text });
const app = new App({
  token: "xoxb-playground-bot",
  appToken: "xapp-playground-app",
  signingSecret: "playground-signing-secret",
  socketMode,
  logLevel: LogLevel.WARN,
  clientOptions: { slackApiUrl: process.env.API },
});

app.message("ping", async ({ message, say }) => {
  await say({
    text: "pong",
    thread_ts: message.ts,
    blocks: [
      { type: "section", text: { type: "mrkdwn", text: `*pong* <@${message.user}>` } },
      { type: "actions", elements: [{ type: "button", action_id: "more", text: plain("More"), value: "7" }] },
    ],
  });
});

app.event("app_mention", async ({ event, client }) => {
  await client.reactions.add({ channel: event.channel, timestamp: event.ts, name: "wave" });
});

app.command("/shout", async ({ command, ack, respond }) => {
  await ack();
  await respond(command.text.toUpperCase());
});

app.action("more", async ({ ack, body, client }) => {
  await ack();
  await client.views.open({
    trigger_id: body.trigger_id,
    view: {
      type: "modal",
      callback_id: "more_modal",
      private_metadata: body.actions[0].value,
      title: plain("More"),
      submit: plain("Save"),
      blocks: [{
        type: "input",
        block_id: "word",
        label: plain("Word"),
        element: { type: "plain_text_input", action_id: "value" },
      }],
    },
  });
});

app.view("more_modal", async ({ ack, view, body, client }) => {
  const word = view.state.values.word.value.value;
  if (word === "bad") {
    await ack({ response_action: "errors", errors: { word: "Not this word" } });
    return;
  }
  await ack();
  await client.chat.postMessage({ channel: body.user.id, text: `${word} ${view.private_metadata}` });
});

(async () => {
  await app.start(socketMode ? undefined : Number(process.env.PORT));
  console.log("ready");
})();
