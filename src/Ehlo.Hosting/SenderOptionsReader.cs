using Microsoft.Extensions.Configuration;

namespace Ehlo.Hosting;

/// <summary>Reads a sender's options from a section of the configuration.</summary>
internal static class SenderOptionsReader
{
    /// <summary>Where the options are unless another section is given: in this section, under the next two names.</summary>
    public const string Parent = "Smtp";

    public const string Sender = "Sender";

    public const string Senders = "Senders";

    public static void Read(SmtpHostSenderOptions options, IConfigurationSection section)
    {
        SectionReader reader = new(options.Misread);
        options.Path = section.Path;
        reader.CheckKeys(
            section, nameof(options.Url), nameof(options.User), nameof(options.Password), nameof(options.LocalName), nameof(options.Proxy),
            nameof(options.MaxConnections), nameof(options.MaxMessagesPerConnection), nameof(options.MaxQueuedMessages), nameof(options.MaxAttempts),
            nameof(options.MaxMessagesPerSecond), nameof(options.IdleTimeout), nameof(options.AllowPlaintextAuthentication),
            nameof(options.UseChunking), nameof(options.UsePipelining), nameof(options.Timeouts));
        options.Url = section[nameof(options.Url)] ?? options.Url;
        options.User = section[nameof(options.User)] ?? options.User;
        options.Password = section[nameof(options.Password)] ?? options.Password;
        options.LocalName = section[nameof(options.LocalName)] ?? options.LocalName;
        options.Proxy = section[nameof(options.Proxy)] ?? options.Proxy;
        options.MaxConnections = reader.Read(section, nameof(options.MaxConnections), options.MaxConnections);
        options.MaxMessagesPerConnection = reader.Read(section, nameof(options.MaxMessagesPerConnection), options.MaxMessagesPerConnection);
        options.MaxQueuedMessages = reader.Read(section, nameof(options.MaxQueuedMessages), options.MaxQueuedMessages);
        options.MaxAttempts = reader.Read(section, nameof(options.MaxAttempts), options.MaxAttempts);
        options.MaxMessagesPerSecond =
            (double?)reader.Convert(section, nameof(options.MaxMessagesPerSecond), typeof(double), options.MaxMessagesPerSecond);
        options.IdleTimeout = reader.Read(section, nameof(options.IdleTimeout), options.IdleTimeout);
        options.AllowPlaintextAuthentication =
            reader.Read(section, nameof(options.AllowPlaintextAuthentication), options.AllowPlaintextAuthentication);
        options.UseChunking = reader.Read(section, nameof(options.UseChunking), options.UseChunking);
        options.UsePipelining = reader.Read(section, nameof(options.UsePipelining), options.UsePipelining);
        options.Timeouts = reader.ReadAll(section.GetSection(nameof(options.Timeouts)), options.Timeouts, new());
    }
}
