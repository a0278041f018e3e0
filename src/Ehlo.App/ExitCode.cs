namespace Ehlo.App;

/// <summary>What the program tells the shell.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The start or the run failed for a reason outside the configuration, such as a port in use.</summary>
    public const int Failure = 1;

    /// <summary>The configuration or the command line is wrong; starting again changes nothing.</summary>
    public const int Usage = 2;
}
