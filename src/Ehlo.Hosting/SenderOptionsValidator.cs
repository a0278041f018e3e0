using System;
using System.Collections.Generic;
using Ehlo.Client;
using Microsoft.Extensions.Options;

namespace Ehlo.Hosting;

/// <summary>Checks a sender's options when the host starts, and says everything that is wrong at once, each with its path.</summary>
internal sealed class SenderOptionsValidator : IValidateOptions<SmtpHostSenderOptions>
{
    public ValidateOptionsResult Validate(string? name, SmtpHostSenderOptions options)
    {
        List<string> failures = [.. options.Misread];
        CheckDestination(options, failures);
        if (options.LocalName is { } own && (own.Length is 0 or > 255 || own.AsSpan().ContainsAnyExceptInRange('!', '~')))
            failures.Add($"{options.Path}:{nameof(options.LocalName)}: it is one word of printable ASCII, 255 octets at most.");
        if (!string.IsNullOrEmpty(options.Proxy)) Try(options, nameof(options.Proxy), failures, () => _ = ClientProxy.Parse(options.Proxy));
        // What the sender checks itself is asked of it, one value at a time, so that the path can be told.
        SmtpSenderOptions good = new(new SmtpDestination("localhost"));
        Probe(nameof(options.MaxConnections), good with { MaxConnections = options.MaxConnections });
        Probe(nameof(options.MaxMessagesPerConnection), good with { MaxMessagesPerConnection = options.MaxMessagesPerConnection });
        Probe(nameof(options.MaxQueuedMessages), good with { MaxQueuedMessages = options.MaxQueuedMessages });
        Probe(nameof(options.MaxAttempts), good with { MaxAttempts = options.MaxAttempts });
        Probe(nameof(options.MaxMessagesPerSecond), good with { MaxMessagesPerSecond = options.MaxMessagesPerSecond });
        Probe(nameof(options.IdleTimeout), good with { IdleTimeout = options.IdleTimeout });
        Probe(nameof(options.Timeouts), good with { Connection = new() { Timeouts = options.Timeouts } });
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Probe(string key, SmtpSenderOptions probe) => Try(options, key, failures, () => _ = new SmtpSender(probe));
    }

    private static void CheckDestination(SmtpHostSenderOptions options, List<string> failures)
    {
        if (options.Url.Length == 0)
        {
            failures.Add($"{options.Path}:{nameof(options.Url)}: where to send is needed, as smtp://mail.example.org.");
            return;
        }
        Try(options, nameof(options.Url), failures, () =>
        {
            if (SmtpDestination.Parse(options.Url).Credential is not null && options.User is not null)
                failures.Add($"{options.Path}:{nameof(options.User)}: the URL names a user already.");
        });
        if (options.User is "") failures.Add($"{options.Path}:{nameof(options.User)}: it is empty.");
        else if (options.User is not null && options.Password is null)
            failures.Add($"{options.Path}:{nameof(options.Password)}: a user has a password.");
        if (options.User is null && options.Password is not null)
            failures.Add($"{options.Path}:{nameof(options.User)}: a password is somebody's.");
    }

    private static void Try(SmtpHostSenderOptions options, string key, List<string> failures, Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            failures.Add($"{options.Path}:{key}: {exception.Message}");
        }
    }
}
