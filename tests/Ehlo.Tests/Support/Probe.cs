using System;
using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO.Pipelines;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Sasl;
using Ehlo.Server;

namespace Ehlo.Tests.Support;

/// <summary>What the session objects of a server do, and what was done to them: each call as the object's number and the method.</summary>
internal sealed class Probe
{
    private readonly List<(string Call, int Count, TaskCompletionSource Seen)> _watches = [];
    private readonly List<string> _calls = [];
    private int _sessions;

    /// <summary>Decides in place of a method; null leaves it to the default.</summary>
    public Func<string, CancellationToken, ValueTask<Reply?>> On { get; set; } = (_, _) => default;

    public Func<MailTransaction, PipeReader, CancellationToken, ValueTask<Reply>>? Message { get; set; }

    public Func<ResetCause, CancellationToken, ValueTask> Reset { get; set; } = (_, _) => default;

    public Func<ValueTask> Dispose { get; set; } = () => default;

    /// <summary>Is shown each connection before its session object is made.</summary>
    public Action<SmtpServerConnection> Make { get; set; } = _ => { };

    public AuthenticationKinds Kinds { get; set; }

    public ConcurrentQueue<byte[]> Stored { get; } = new();

    public string[] Calls
    {
        get
        {
            lock (_calls) return [.. _calls];
        }
    }

    /// <summary>How often a method was called while another of its object ran. OnMessage does not count: it may wait in a read.</summary>
    public int Overlaps;

    public SmtpSession NewSession(SmtpServerConnection connection)
    {
        Make(connection);
        return new ProbeSession(connection, this, Interlocked.Increment(ref _sessions));
    }

    /// <summary>Completes when the call was seen so often.</summary>
    public Task WhenAsync(string call, int count = 1)
    {
        lock (_calls)
        {
            if (_calls.Count(made => made == call) >= count) return Task.CompletedTask;
            TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _watches.Add((call, count, seen));
            return seen.Task.Within($"{call}, {count} times; seen: {string.Join(", ", _calls)}");
        }
    }

    public void Note(string call)
    {
        lock (_calls)
        {
            _calls.Add(call);
            foreach ((string awaited, int count, TaskCompletionSource seen) in _watches)
            {
                if (awaited == call && _calls.Count(made => made == call) >= count) seen.TrySetResult();
            }
        }
    }

    /// <summary>Reads content to its end and keeps it.</summary>
    public async ValueTask<Reply> StoreAsync(PipeReader content, CancellationToken cancellationToken)
    {
        byte[] octets = await ReadAllAsync(content, cancellationToken);
        Stored.Enqueue(octets);
        return Reply.Ok("Stored");
    }

    public static async Task<byte[]> ReadAllAsync(PipeReader content, CancellationToken cancellationToken = default)
    {
        ArrayBufferWriter<byte> octets = new();
        while (true)
        {
            ReadResult result = await content.ReadAsync(cancellationToken);
            foreach (ReadOnlyMemory<byte> part in result.Buffer) octets.Write(part.Span);
            content.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted) return octets.WrittenSpan.ToArray();
        }
    }

    private sealed class ProbeSession(SmtpServerConnection connection, Probe probe, int number) : SmtpSession(connection)
    {
        private int _running;

        public override AuthenticationKinds AuthenticationKinds => probe.Kinds;

        protected internal override ValueTask<Reply> OnConnectAsync(CancellationToken cancellationToken) =>
            RunAsync("OnConnect", base.OnConnectAsync, cancellationToken);

        protected internal override ValueTask<Reply> OnHelloAsync(Hello hello, CancellationToken cancellationToken) =>
            RunAsync("OnHello", token => base.OnHelloAsync(hello, token), cancellationToken);

        protected internal override ValueTask<Reply> OnStartTlsAsync(CancellationToken cancellationToken) =>
            RunAsync("OnStartTls", base.OnStartTlsAsync, cancellationToken);

        protected internal override async ValueTask<AuthenticationResult> OnAuthenticateAsync(
            AuthenticationRequest request, CancellationToken cancellationToken)
        {
            Reply reply = await RunAsync("OnAuthenticate", _ => new(new Reply(535, "No")), cancellationToken);
            return reply.IsPositive ? AuthenticationResult.Accept("somebody") : AuthenticationResult.Refuse(reply);
        }

        protected internal override ValueTask<Reply> OnMailAsync(MailTransaction transaction, CancellationToken cancellationToken) =>
            RunAsync("OnMail", token => base.OnMailAsync(transaction, token), cancellationToken);

        protected internal override ValueTask<Reply> OnRcptAsync(
            MailTransaction transaction, Recipient recipient, CancellationToken cancellationToken) =>
            RunAsync("OnRcpt", token => base.OnRcptAsync(transaction, recipient, token), cancellationToken);

        protected internal override ValueTask<Reply> OnDataAsync(MailTransaction transaction, CancellationToken cancellationToken) =>
            RunAsync("OnData", token => base.OnDataAsync(transaction, token), cancellationToken);

        protected internal override ValueTask<Reply> OnVerifyAsync(string text, CancellationToken cancellationToken) =>
            RunAsync("OnVerify", token => base.OnVerifyAsync(text, token), cancellationToken);

        protected internal override ValueTask<Reply> OnExpandAsync(string text, CancellationToken cancellationToken) =>
            RunAsync("OnExpand", token => base.OnExpandAsync(text, token), cancellationToken);

        protected internal override ValueTask<Reply> OnHelpAsync(string text, CancellationToken cancellationToken) =>
            RunAsync("OnHelp", token => base.OnHelpAsync(text, token), cancellationToken);

        protected internal override async ValueTask<Reply> OnMessageAsync(
            MailTransaction transaction, PipeReader content, CancellationToken cancellationToken)
        {
            Note("OnMessage");
            try
            {
                return probe.Message is { } message
                    ? await message(transaction, content, cancellationToken)
                    : await probe.StoreAsync(content, cancellationToken);
            }
            catch (ContentAbortedException exception)
            {
                Note($"aborted({exception.Reason}{(cancellationToken.IsCancellationRequested ? "" : ", token not cancelled")})");
                throw;
            }
            finally
            {
                Note("OnMessage over");
            }
        }

        protected internal override async ValueTask OnResetAsync(ResetCause cause, CancellationToken cancellationToken)
        {
            Enter($"OnReset({cause})");
            try
            {
                await probe.Reset(cause, cancellationToken);
            }
            finally
            {
                Interlocked.Decrement(ref _running);
            }
        }

        public override async ValueTask DisposeAsync()
        {
            Enter("Dispose");
            try
            {
                await probe.Dispose();
                await base.DisposeAsync();
            }
            finally
            {
                Interlocked.Decrement(ref _running);
            }
        }

        private async ValueTask<Reply> RunAsync(
            string method, Func<CancellationToken, ValueTask<Reply>> otherwise, CancellationToken cancellationToken)
        {
            Enter(method);
            try
            {
                return await probe.On(method, cancellationToken) ?? await otherwise(cancellationToken);
            }
            finally
            {
                Interlocked.Decrement(ref _running);
            }
        }

        private void Enter(string method)
        {
            if (Interlocked.Increment(ref _running) > 1) Interlocked.Increment(ref probe.Overlaps);
            Note(method);
        }

        private void Note(string call) => probe.Note($"{number}:{call}");
    }
}
