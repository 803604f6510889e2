// A minimal editor: opens a YAML document in yaml-language-server and sends the requests of an editor.

'use strict';

const path = require('node:path');
const { spawn } = require('node:child_process');
const rpc = require('vscode-jsonrpc/node');

const SERVER = path.join(__dirname, 'node_modules/yaml-language-server/bin/yaml-language-server');
const SETTINGS = { yaml: { validate: true, completion: true, hover: true, schemaStore: { enable: false } } };

/** A running language server. */
class Editor {
  static async start() {
    const editor = new Editor();
    editor.server = spawn(process.execPath, [SERVER, '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] });
    editor.connection = rpc.createMessageConnection(
      new rpc.StreamMessageReader(editor.server.stdout),
      new rpc.StreamMessageWriter(editor.server.stdin),
    );
    editor.diagnosed = new Map();
    const { connection } = editor;
    connection.onNotification('textDocument/publishDiagnostics', ({ uri, diagnostics }) => {
      editor.diagnosed.get(uri)?.(diagnostics);
    });
    connection.onRequest('workspace/configuration', ({ items }) => items.map(({ section }) => SETTINGS[section] ?? null));
    connection.onRequest('client/registerCapability', () => null);
    connection.listen();
    await connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities: { textDocument: { hover: { contentFormat: ['markdown', 'plaintext'] } }, workspace: { configuration: true } },
    });
    await connection.sendNotification('initialized', {});
    return editor;
  }

  /** Opens `text`, in which `|` marks the cursor, and waits until the server has judged it. */
  async open(name, text) {
    const uri = `file:///${name}.yaml`;
    const before = text.split('|')[0].split('\n');
    const position = { line: before.length - 1, character: before.at(-1).length };
    const diagnostics = new Promise((resolve) => this.diagnosed.set(uri, resolve));
    const textDocument = { uri, languageId: 'yaml', version: 1, text: text.replace('|', '') };
    await this.connection.sendNotification('textDocument/didOpen', { textDocument });
    return { at: { textDocument: { uri }, position }, diagnostics: await diagnostics };
  }

  async completions({ at }) {
    const list = await this.connection.sendRequest('textDocument/completion', at);
    return list.items.map(({ label }) => label);
  }

  async hover({ at }) {
    const hover = await this.connection.sendRequest('textDocument/hover', at);
    return hover === null ? '' : hover.contents.value;
  }

  async stop() {
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    this.connection.dispose();
  }
}

module.exports = { Editor };
