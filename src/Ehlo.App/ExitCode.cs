namespace Ehlo.App;

/// <summary>What the program tells the shell.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>
    /// The start or the run failed for a reason outside the configuration, such as a port in use; of <c>ehlo send</c>, a refusal for good.
    /// </summary>
    public const int Failure = 1;

    /// <summary>The configuration or the command line is wrong; starting again changes nothing.</summary>
    public const int Usage = 2;

    /// <summary>Of <c>ehlo send</c>: all that was refused was refused for now (4yz); later it may be taken.</summary>
    public const int Temporary = 3;

    /// <summary>Of <c>ehlo send</c>: no connection, or one that failed before the message was taken.</summary>
    public const int NoConnection = 4;

    /// <summary>Of <c>ehlo send</c>: the connection failed after the end of the message; nobody knows whether it was taken.</summary>
    public const int Unknown = 5;

    /// <summary>Of <c>ehlo send</c>: Ctrl-C, as shells have it: 128 and the number of SIGINT.</summary>
    public const int Interrupted = 130;
}
