// nodemailer's pool: connections that are kept, one message made once ("raw") or composed anew for each mail ("compose").
// Use: node client.js PORT CONNECTIONS MESSAGES OCTETS [raw|compose]. It prints one JSON object.
'use strict';
const nodemailer = require('nodemailer');
const [port, connections, messages, octets] = process.argv.slice(2, 6).map(Number);
const raw = (process.argv[6] || 'raw') === 'raw';
const line = 'x'.repeat(76) + '\r\n';
const head = 'From: <sender@client.example>\r\nTo: <rcpt@server.example>\r\nSubject: load test\r\n\r\n';
const text = line.repeat(Math.max(1, Math.round((octets - head.length) / line.length)));
const mail = raw
  ? { envelope: { from: 'sender@client.example', to: ['rcpt@server.example'] }, raw: Buffer.from(head + text) }
  : { from: 'sender@client.example', to: 'rcpt@server.example', subject: 'load test', text };
const pool = nodemailer.createTransport({
  pool: true, host: '127.0.0.1', port, maxConnections: connections, maxMessages: Infinity,
  ignoreTLS: true, name: 'client.example', disableFileAccess: true,
});

// Four mails in the pool's queue for each connection, so that none waits for us.
async function run(count) {
  let left = count;
  await Promise.all(Array.from({ length: connections * 4 }, async () => {
    while (left-- > 0) await pool.sendMail(mail);
  }));
}

(async () => {
  await run(Math.max(Math.floor(messages / 5), connections));
  const cpu = process.cpuUsage();
  const start = process.hrtime.bigint();
  await run(messages);
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const used = process.cpuUsage(cpu);
  pool.close();
  console.log(JSON.stringify({
    messagesPerSecond: messages / seconds, cpuMicrosecondsPerMessage: (used.user + used.system) / messages,
  }));
})().catch((error) => { console.error(error); process.exit(1); });
