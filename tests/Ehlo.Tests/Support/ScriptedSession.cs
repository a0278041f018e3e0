using System;
using System.Buffers;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Protocol;
using Ehlo.Sasl;
using Ehlo.Server;

namespace Ehlo.Tests.Support;

/// <summary>The script as a session class behind the driver. It notices when two of its methods run at once.</summary>
internal sealed class ScriptedSession(SmtpServerConnection connection, SessionScript script) : SmtpSession(connection)
{
    private int _running;
    private bool _isParked;

    public override AuthenticationKinds AuthenticationKinds => script.AuthenticationKinds;

    protected internal override ValueTask<Reply> OnConnectAsync(CancellationToken cancellationToken) =>
        Answer("OnConnect", "", new Reply(220, "ESMTP ready"));

    protected internal override ValueTask<Reply> OnHelloAsync(Hello hello, CancellationToken cancellationToken) =>
        Answer("OnHello", $"{hello.Verb} {hello.Name}", new Reply(250, ""));

    protected internal override ValueTask<AuthenticationResult> OnAuthenticateAsync(
        AuthenticationRequest request, CancellationToken cancellationToken) => new(script.Authenticate(request));

    protected internal override ValueTask<Reply> OnMailAsync(MailTransaction transaction, CancellationToken cancellationToken) =>
        Answer("OnMail", transaction.ReversePath + ParameterText.Of(transaction.Parameters), Reply.Ok());

    protected internal override ValueTask<Reply> OnRcptAsync(
        MailTransaction transaction, Recipient recipient, CancellationToken cancellationToken) =>
        Answer("OnRcpt", recipient + ParameterText.Of(recipient.Parameters), Reply.Ok());

    protected internal override ValueTask<Reply> OnDataAsync(MailTransaction transaction, CancellationToken cancellationToken) =>
        Answer("OnData", "", Reply.Ok());

    protected internal override ValueTask<Reply> OnVerifyAsync(string text, CancellationToken cancellationToken) =>
        Answer("OnVerify", text, new Reply(252, "Cannot verify"));

    protected internal override ValueTask<Reply> OnExpandAsync(string text, CancellationToken cancellationToken) =>
        Answer("OnExpand", text, new Reply(502, "Not here"));

    protected internal override ValueTask<Reply> OnHelpAsync(string text, CancellationToken cancellationToken) =>
        Answer("OnHelp", text, new Reply(214, "See RFC 5321"));

    protected internal override ValueTask<Reply> OnCommandAsync(string verb, string argument, CancellationToken cancellationToken) =>
        Answer("OnCommand", $"{verb} {argument}".TrimEnd(), Reply.Ok());

    protected internal override bool Offers(Extension extension) => extension.Keyword != script.Hidden;

    protected internal override async ValueTask<Reply> OnMessageAsync(
        MailTransaction transaction, PipeReader content, CancellationToken cancellationToken)
    {
        ArrayBufferWriter<byte> octets = new();
        try
        {
            while (true)
            {
                _isParked = true;
                ReadResult result = await content.ReadAsync(cancellationToken);
                _isParked = false;
                foreach (ReadOnlyMemory<byte> part in result.Buffer) octets.Write(part.Span);
                content.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted) return script.Message(transaction, octets.WrittenSpan.ToArray());
            }
        }
        catch (ContentAbortedException exception)
        {
            _isParked = false;
            script.Aborted(exception.Reason);
            throw;
        }
    }

    protected internal override ValueTask OnResetAsync(ResetCause cause, CancellationToken cancellationToken)
    {
        script.Answer("OnReset", cause.ToString(), default);
        return default;
    }

    public override ValueTask DisposeAsync()
    {
        script.Calls.Add("Dispose");
        return base.DisposeAsync();
    }

    private ValueTask<Reply> Answer(string method, string argument, Reply otherwise)
    {
        if (Interlocked.Increment(ref _running) > 1 && !_isParked) script.Calls.Add("Two methods at once");
        try
        {
            return new(script.Answer(method, argument, otherwise));
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }
}
