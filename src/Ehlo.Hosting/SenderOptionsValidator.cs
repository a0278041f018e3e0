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
        // What the sender checks itself is asked of it, one value at a time, so that the path can be told.
        SmtpSenderOptions good = new(new SmtpDestination("localhost"));
        Try(nameof(options.MaxConnections), good with { MaxConnections = options.MaxConnections });
        Try(nameof(options.MaxMessagesPerConnection), good with { MaxMessagesPerConnection = options.MaxMessagesPerConnection });
        Try(nameof(options.MaxQueuedMessages), good with { MaxQueuedMessages = options.MaxQueuedMessages });
        Try(nameof(options.MaxAttempts), good with { MaxAttempts = options.MaxAttempts });
        Try(nameof(options.MaxMessagesPerSecond), good with { MaxMessagesPerSecond = options.MaxMessagesPerSecond });
        Try(nameof(options.IdleTimeout), good with { IdleTimeout = options.IdleTimeout });
        Try(nameof(options.Timeouts), good with { Connection = new() { Timeouts = options.Timeouts } });
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Try(string key, SmtpSenderOptions probe)
        {
            try
            {
                _ = new SmtpSender(probe);
            }
            catch (ArgumentException exception)
            {
                failures.Add($"{options.Path}:{key}: {exception.Message}");
            }
        }
    }

    private static void CheckDestination(SmtpHostSenderOptions options, List<string> failures)
    {
        string path = $"{options.Path}:{nameof(options.Url)}";
        if (options.Url.Length == 0)
        {
            failures.Add($"{path}: where to send is needed, as smtp://mail.example.org.");
            return;
        }
        try
        {
            SmtpDestination given = SmtpDestination.Parse(options.Url);
            if (given.Credential is not null && options.User is not null)
                failures.Add($"{options.Path}:{nameof(options.User)}: the URL names a user already.");
        }
        catch (FormatException exception)
        {
            failures.Add($"{path}: {exception.Message}");
        }
        if (options.User is "") failures.Add($"{options.Path}:{nameof(options.User)}: it is empty.");
        if (options.User is not null && options.Password is null)
            failures.Add($"{options.Path}:{nameof(options.Password)}: a user has a password.");
        if (options.User is null && options.Password is not null)
            failures.Add($"{options.Path}:{nameof(options.User)}: a password is somebody's.");
    }
}
