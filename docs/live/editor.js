// A small editor for a cell: Python, numbered lines, indentation, undo.
//
//   const editor = edit(parent, { text, label, onRun, onChange });
//
// editor.text can be read and set. Ctrl-Enter (⌘-Enter) and Shift-Enter call onRun, each
// change calls onChange(text). Escape and then Tab leaves the editor by keyboard.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";

export function edit(parent, { text, label, onRun = () => {}, onChange = () => {} }) {
  const run = () => (onRun(), true);
  const extensions = [
    keymap.of([
      { key: "Mod-Enter", run },
      { key: "Shift-Enter", run },
      ...defaultKeymap,
      ...historyKeymap,
      indentWithTab,
    ]),
    history(),
    lineNumbers(),
    python(),
    bracketMatching(),
    indentUnit.of("    "),
    syntaxHighlighting(classHighlighter),
    EditorState.tabSize.of(4),
    EditorView.contentAttributes.of({ "aria-label": label }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) onChange(update.state.doc.toString());
    }),
  ];
  const view = new EditorView({ doc: text, extensions, parent });
  return {
    get text() {
      return view.state.doc.toString();
    },
    set text(insert) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert } });
    },
    focus: () => view.focus(),
    close: () => view.destroy(),
  };
}
