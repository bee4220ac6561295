// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT
//
// Read models: how far they are behind, and their generations.

import { byId, el, ask, announce, confirmed, number, rate, seconds, working } from "./dom.js";
import { lag } from "./flow.js";

const cards = new Map();

export function showProjections(snapshot) {
  for (const model of snapshot.readModels) {
    let card = cards.get(model.name);
    if (!card) {
      card = new Card(model.name);
      cards.set(model.name, card);
      byId("projections").append(card.element);
    }
    card.show(model);
  }
}

const actions = {
  rebuild: ["Rebuild", "A new generation is made from the events while this one serves, compared, and put in its place. The old one is kept until you finish."],
  rollback: ["Switch to the other generation", "Queries are answered by it; the one that serves now is kept."],
  finish: ["Remove the other generation", "After this there is no way back to it."],
  cancel: ["Remove the one being made", "What was filled so far is lost; nothing changes for queries."],
  stop: ["Stop", "The work ends at its next step. Nothing is lost: whoever orders it again goes on with it."],
};

class Card {
  constructor(name) {
    this.name = name;
    this.facts = el("dl", { class: "facts" });
    this.generations = el("p");
    this.progress = el("p");
    this.buttons = Object.fromEntries(Object.entries(actions).map(([action, [label]]) => [action,
      el("button", { type: "button", class: "quiet",
        click: (event) => this.order(action, event.target) }, label)]));
    this.element = el("section", { class: "card" }, el("h3", {}, name), this.facts, this.generations, this.progress,
      el("p", { class: "buttons" }, ...Object.values(this.buttons),
        this.command = el("span", { class: "soft" }, "or type ", el("code", {}, `consumer rebuild ${name}`))));
  }

  show(model) {
    const consumers = (model.queues ?? []).reduce((sum, queue) => sum + (queue.consumers ?? 0), 0);
    const facts = [
      ["In the queue", model.ready === undefined ? "?" : number(model.ready)],
      ["Direction", direction(model)],
      ["Time to go", model.ready === 0 ? "none" : model.secondsToGo ? seconds(model.secondsToGo) : "?"],
      ["Changes", model.changesPerSecond === undefined ? "not followed" : `${rate(model.changesPerSecond)} a second`],
      ["Visible after", lag(model)],
      ["Retrying", model.retrying === undefined ? "?" : number(model.retrying)],
      ["Dead letters", model.dead === undefined ? "?" : number(model.dead)],
      ["Consumers", model.queues ? number(consumers) : "?"],
    ];
    this.facts.replaceChildren(...facts.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))));
    const { serving, standby, build, isFilled, handover, retiring } = model.generations ?? {};
    this.generations.textContent = [
      serving ? `Generation ${serving} serves.` : "Which generations there are is not known.", standby && `Generation ${standby} is complete and kept up to date.`,
      build && `Generation ${build} is being made${isFilled ? " and filled" : ""}.`,
      handover && `A switch is under way: ${handover}.`, retiring && `Generation ${retiring} is being removed.`,
    ].filter(Boolean).join(" ");
    const isAtWork = model.rebuild && !model.rebuild.outcome;
    this.showWork(model.rebuild);
    this.allow("rebuild", serving && !isAtWork && (!standby || handover));
    this.allow("rollback", !isAtWork && standby && !handover);
    this.allow("finish", !isAtWork && (standby || retiring) && !handover);
    this.allow("cancel", !isAtWork && build);
    this.allow("stop", isAtWork);
    // What cannot be undone is done to what was seen, or not at all.
    this.meant = { rollback: standby, finish: standby ?? retiring, cancel: build };
    this.command.hidden = Boolean(isAtWork);
    this.buttons.rebuild.textContent = handover ? "Finish the switch" : build ? "Go on with the rebuild" : actions.rebuild[0];
  }

  allow(action, isPossible) { this.buttons[action].hidden = !isPossible; }

  showWork(work) {
    if (!work) { this.progress.replaceChildren(); return; }
    const share = work.total ? el("progress", { max: String(work.total), value: String(work.done),
      "aria-label": `${work.action} of ${this.name}: ${work.phase}` }) : null;
    const text = work.outcome ? `${work.action}: ${work.outcome}`
      : [`${work.action}: ${work.phase}`, work.total && `${number(work.done)} of ${number(work.total)} commits, ${number(work.perSecond)} a second`,
        work.secondsToGo && `${seconds(work.secondsToGo)} to go`].filter(Boolean).join(", ");
    this.progress.replaceChildren(...[work.outcome ? null : share, share && !work.outcome ? " " : null, text].filter(Boolean));
  }

  async order(action, button) {
    const generation = this.meant?.[action];
    const [label, meaning] = [button.textContent, actions[action][1]];
    const question = generation ? `${label}, ${generation}, of ${this.name}?` : `${label}: ${this.name}?`;
    if (!await confirmed(question, meaning)) return;
    await working(button, async () => {
      await ask(`projections/${this.name}/${action}`, generation ? { generation } : {});
      announce(action === "stop" ? `${this.name}: told to stop` : `${label}: begun for ${this.name}`);
    });
  }
}

function direction(model) {
  if (model.ready === undefined) return "?";
  if (Math.abs(model.readyPerSecond) < 0.5) return model.ready ? "→ stands" : "→ empty";
  return model.readyPerSecond > 0 ? `↑ grows by ${rate(model.readyPerSecond)} a second` : `↓ shrinks by ${rate(-model.readyPerSecond)} a second`;
}
