using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Ehlo.App.Inbox;
using Ehlo.App.Webhooks;

namespace Ehlo.App.Configuration;

/// <summary>Reads who is told of messages.</summary>
internal static class WebhooksReader
{
    // Each walks through the inbox by itself.
    private const int MaxWebhooks = 20;

    // 24 octets are what Standard Webhooks asks for at least; shorter ones can be guessed from a request that was heard.
    private const int LeastSecretOctets = 24;

    public static IReadOnlyList<WebhookOptions> Read(SectionReader root)
    {
        IReadOnlyList<SectionReader> sections = root.Sections("Webhooks") ?? [];
        if (sections.Count > MaxWebhooks) root.Problem("Webhooks", $"must hold at most {MaxWebhooks}");
        List<WebhookOptions> hooks = [];
        foreach (SectionReader section in sections.Take(MaxWebhooks))
        {
            if (ReadHook(section) is not { } hook) continue;
            if (hooks.Exists(other => other.Name.Equals(hook.Name, StringComparison.OrdinalIgnoreCase)))
                section.Problem("Name", "given to two webhooks");
            hooks.Add(hook);
        }
        return hooks;
    }

    private static WebhookOptions? ReadHook(SectionReader section)
    {
        string? name = section.RequiredText("Name");
        if (name is not null && (name.Length > 50 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')))
            section.Problem("Name", "must be letters, digits, '-' and '_', at most 50");
        Uri? url = ReadUrl(section);
        byte[]? secret = ReadSecret(section);
        string? mailbox = section.Text("Mailbox");
        WebhookOptions defaults = new() { Name = "", Url = null!, Secret = [] };
        MessageFilter filter = new(section.Text("To"), section.Text("From"), section.Text("Subject"))
        {
            Mailboxes = mailbox is null ? null : new HashSet<string>([mailbox], StringComparer.OrdinalIgnoreCase),
        };
        TimeSpan timeout = section.Duration("Timeout", defaults.Timeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2));
        TimeSpan giveUp = section.Duration("GiveUpAfter", defaults.GiveUpAfter, TimeSpan.Zero, TimeSpan.FromDays(7));
        section.RefuseTheRest();
        return section.IsWrong || name is null || url is null || secret is null
            ? null
            : new() { Name = name, Url = url, Secret = secret, Filter = filter, Timeout = timeout, GiveUpAfter = giveUp };
    }

    private static Uri? ReadUrl(SectionReader section)
    {
        if (section.RequiredText("Url") is not { } text) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0) return url;
        section.Problem("Url", "must be a URL such as https://example.org/hook, without a user");
        return null;
    }

    private static byte[]? ReadSecret(SectionReader section)
    {
        if (section.RequiredText("Secret") is not { } text) return null;
        byte[] secret = [];
        if (text.StartsWith(WebhookSignature.SecretPrefix, StringComparison.Ordinal))
        {
            byte[] octets = new byte[text.Length];
            if (Convert.TryFromBase64String(text[WebhookSignature.SecretPrefix.Length..], octets, out int length)) secret = octets[..length];
        }
        else secret = Encoding.UTF8.GetBytes(text);
        if (secret.Length >= LeastSecretOctets) return secret;
        section.Problem("Secret", $"must be {WebhookSignature.SecretPrefix} and base64, or text, of {LeastSecretOctets} octets at least");
        return null;
    }
}
